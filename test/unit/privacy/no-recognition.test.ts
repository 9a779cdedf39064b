import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { backupCommand } from '../../../src/commands/backup.ts';
import { noticeCommand } from '../../../src/commands/notice.ts';
import { recordsCommand } from '../../../src/commands/records.ts';
import { describeConfig } from '../../../src/config/fields.ts';
import { parseStoredVisit, type StoredVisit, toStoredVisit } from '../../../src/records/stored-visit.ts';
import { aVisit } from '../../support/a-visit.ts';

const ROOT = path.join(import.meta.dirname, '../../..');
/** Every file of weights that ships, and the longest vector it puts out for one face. */
const WEIGHTS = ['face-check/head.bin', 'face-detector/blazeface.bin', 'mask-head/head.bin'];
const RECOGNISES =
  /recogni[sz]|embed(ding)?s?\b|faceres|facenet|arcface|insightface|face-api|descriptor|enrol|gallery/i;

const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
};

describe('nothing can recognise anybody', () => {
  test('the weights that ship are those of detector, face check and mask head, and no others', () => {
    const found = readdirSync(path.join(ROOT, 'models'), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(bin|onnx|tflite|pb|h5|pt|safetensors|wasm)$/.test(file))
      .sort();
    expect(found).toEqual(WEIGHTS);
  });

  test.each(['mask-head', 'face-check'])(
    'the %s puts out one probability, not a vector of a face',
    (name) => {
      const text = readFileSync(path.join(ROOT, `models/${name}/head.json`), 'utf8');
      const { inputs, hidden } = JSON.parse(text) as { inputs: number; hidden: number };
      // Every byte is accounted for by one hidden layer and one output: the file has no room for another one.
      const bytes = readFileSync(path.join(ROOT, `models/${name}/head.bin`)).byteLength;
      expect(bytes).toBe(inputs * hidden + 4 * (3 * hidden + 1));
      expect(bytes).toBeLessThan(600_000);
      expect(text).not.toMatch(RECOGNISES);
    },
  );

  test('no package that ships is one for recognising', () => {
    expect(Object.keys(manifest.dependencies).filter((name) => RECOGNISES.test(name))).toEqual([]);
    expect(Object.keys(manifest.dependencies)).not.toContain('@vladmandic/human');
  });

  test('no setting and no command brings faces in', () => {
    const settings = describeConfig().fields.map(({ path: name }) => name);
    expect(settings.filter((name) => RECOGNISES.test(name))).toEqual([]);
    const commands = [recordsCommand(), noticeCommand(), backupCommand()].flatMap((command) => [
      command.name(),
      ...command.commands.map((one) => one.name()),
    ]);
    const everything = [
      ...readFileSync(path.join(ROOT, 'src/cli.ts'), 'utf8').matchAll(/\.(\w+)Command\(\)/g),
    ].map(([, name]) => name);
    expect(everything.length).toBeGreaterThan(10);
    expect(
      [...commands, ...everything].filter((name) => /import|enrol|match|library|person/i.test(String(name))),
    ).toEqual([]);
  });

  test('a record has no place for a template, a list or a name, and nothing that links two visits', () => {
    const visit: StoredVisit = toStoredVisit(aVisit(7, 'elevated'), 'Asia/Seoul');
    for (const value of Object.values(visit)) expect(['string', 'number']).toContain(typeof value);
    for (const strange of [{ template: [1, 2] }, { name: 'somebody' }, { person: 1 }, { previous: 3 }]) {
      expect(parseStoredVisit(JSON.stringify({ ...visit, ...strange }))).toBeNull();
    }
  });
});
