import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { configJsonSchema } from '../../src/config/fields.ts';
import { defaultConfig, parseConfig } from '../../src/config/load.ts';

const folder = await mkdtemp(path.join(os.tmpdir(), 'fevergate-config-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The command in a process of its own, as src/cli.ts runs it. */
function run(...args: string[]) {
  const code = `
    import { configCommand } from './src/commands/config.ts';
    import { CommandError } from './src/commands/command-error.ts';
    await configCommand().parseAsync(${JSON.stringify(args)}, { from: 'user' }).catch((error) => {
      if (!(error instanceof CommandError)) throw error;
      process.stderr.write(error.message);
      process.exitCode = error.exitCode;
    });`;
  return spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', code], {
    encoding: 'utf8',
    env: { ...process.env, FEVERGATE_MQTT_PASSWORD: 'hunter2' },
  });
}

test('config check says ok, or every problem on stderr with exit 1', async () => {
  const good = run('check', 'config/fevergate.yaml');
  expect([good.stdout, good.stderr, good.status]).toEqual(['config/fevergate.yaml: ok\n', '', 0]);
  const file = path.join(folder, 'bad.yaml');
  await writeFile(file, 'gate: {nmae: a}\nvisit:\n  maxDistanceM: 9\n');
  const bad = run('check', file);
  expect(bad.stdout).toBe('');
  expect(bad.status).toBe(1);
  expect(bad.stderr.split('\n')).toEqual([
    `${file}: gate.nmae: is not known; known here: site, name (line 1)`,
    `${file}: visit.maxDistanceM: 9 is too big; allowed 0.3 to 3 (line 3)`,
  ]);
});

test('config schema prints the JSON Schema', () => {
  expect(JSON.parse(run('schema').stdout)).toEqual(JSON.parse(JSON.stringify(configJsonSchema())));
});

test('config docs prints the tables of docs/configuration.md, or the documented file', () => {
  const { stdout, stderr, status } = run('docs');
  expect([stderr, status]).toEqual(['', 0]);
  expect(readFileSync('docs/configuration.md', 'utf8')).toContain(stdout);
  expect(run('docs', '--yaml').stdout).toBe(readFileSync('config/fevergate.yaml', 'utf8'));
});

test('config show prints what is in force, and no secret', () => {
  const { stdout, status } = run('show');
  expect(status).toBe(0);
  expect(parseConfig(stdout, 'shown')).toEqual(defaultConfig());
  expect(stdout).not.toContain('hunter2');
});
