import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { headViewOf, mountOf, mountSettingsOf } from '../../src/app/gate-params.ts';
import { keptUpkeepOf } from '../../src/app/registration-in-force.ts';
import { keepCalibration } from '../../src/commands/keep-calibration.ts';
import { loadRegistration } from '../../src/commands/registration-in-force.ts';
import { configSchema } from '../../src/config/schema.ts';
import { openAuditTrail, readAudit } from '../../src/io/store/audit-file.ts';
import { registrationFiles } from '../../src/io/store/registration-files.ts';
import { calibrate } from '../../src/registration/calibration.ts';
import { noVisitsYet } from '../../src/registration/upkeep.ts';
import { misplacedMount } from '../../src/simulation/scene/walk-scene.ts';
import { realNoise, toldPairs } from '../support/calibration-walk.ts';

let directory: string;
beforeEach(async () => {
  directory = path.join(await mkdtemp(path.join(os.tmpdir(), 'fevergate-registration-')), 'records');
});
afterEach(() => rm(path.dirname(directory), { recursive: true }));

const config = configSchema.parse({});
const logged: string[] = [];
const say = (fields: object, message: string): void =>
  void logged.push(`${message} ${JSON.stringify(fields)}`);
const log = { info: say, warn: say, error: say };
const load = () => loadRegistration(config, directory, { simulated: false, log });

async function calibrated() {
  const configured = mountOf(config);
  const pairs = toldPairs('BAB', misplacedMount(configured, 2), configured, realNoise, 4, 80);
  const result = calibrate(pairs, configured, headViewOf(config));
  if (result.kind !== 'solved') throw new Error(JSON.stringify(result.refusals));
  const kept = await keepCalibration(result, {
    config,
    directory,
    simulatedSeed: null,
    audit: await openAuditTrail(directory),
  });
  return { kept, mount: mountSettingsOf(result.solution.model.mount) };
}

test('a calibration is kept for its owner alone, told to an audit trail, and in force from then on', async () => {
  const { kept, mount } = await calibrated();
  const { config: inForce, source } = await load();
  expect(source).toBe('calibrated');
  expect(inForce).toEqual({ ...config, mount });
  const { entries } = await readAudit(directory);
  expect(entries).toHaveLength(1);
  expect(entries[0]).toMatchObject({ event: 'calibration', what: 'registration' });
  expect(JSON.stringify(entries[0])).toContain(`residual ${kept.residual.rmsPx} px`);
  const { mode } = await stat(path.join(directory, 'registration.json'));
  expect(mode & 0o777).toBe(0o600);
});

test.each(['', '{', '{"version":1}', 'null'])(
  'a damaged file (%j) is told and left as it is',
  async (text) => {
    await calibrated();
    const file = path.join(directory, 'registration.json');
    await writeFile(file, text);
    logged.length = 0;
    const { config: inForce, source } = await load();
    expect(source).toBe('configured');
    expect(inForce).toEqual(config);
    expect(logged.join('\n')).toMatch(/damaged.*calibrate registration.*registration\.json/);
    expect(await readFile(file, 'utf8')).toBe(text);
  },
);

test('a number out of its range is damage', async () => {
  await calibrated();
  const file = path.join(directory, 'registration.json');
  const kept = JSON.parse(await readFile(file, 'utf8')) as { mount: { yawDeg: number } };
  kept.mount.yawDeg = 300;
  await writeFile(file, JSON.stringify(kept));
  expect(await registrationFiles(directory).readCalibration()).toEqual({ kind: 'damaged', file });
});

test('what visitors have shown is kept beside it, and begins afresh with a new calibration', async () => {
  await calibrated();
  const { upkeep } = await load();
  const learnt = { ...noVisitsYet, visits: 50, day: 20_000, shift: { across: 0.2, down: 0.1 } };
  await upkeep.save(learnt);
  expect((await load()).upkeep.upkeep).toEqual(learnt);
  expect(await registrationFiles(directory).readUpkeep()).toEqual({
    kind: 'kept',
    value: keptUpkeepOf(learnt, upkeep.base),
  });
  await calibrated();
  expect((await load()).upkeep.upkeep).toEqual(noVisitsYet);
});

test('forgetting leaves nothing behind', async () => {
  await calibrated();
  await (await load()).upkeep.save(noVisitsYet);
  await registrationFiles(directory).forget();
  await registrationFiles(directory).forget();
  // What was done stays in the audit trail.
  expect((await readdir(directory)).filter((name) => !name.startsWith('audit'))).toEqual([]);
  expect((await load()).source).toBe('configured');
});
