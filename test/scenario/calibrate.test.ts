import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SimulationReport } from '../../src/simulation/report.ts';
import { fevergate } from '../support/command.ts';

const RUN_MS = 300_000;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'fevergate-calibrate-'));
});
afterAll(() => rm(folder, { recursive: true }));

type Result = Readonly<{
  result: string;
  residual: { rmsPx: number };
  residualBefore: { rmsPx: number };
}>;

test('a gate mounted wrongly is calibrated by a walk, then screens, records and replays with that', {
  timeout: RUN_MS,
}, async () => {
  const records = path.join(folder, 'records');
  const picture = path.join(folder, 'picture.png');
  const walk = await fevergate([
    ...['calibrate', 'registration', '--simulate', '3', '--json', '--yes'],
    ...['--records', records, '--out', picture],
  ]);
  expect(walk.code, walk.stderr).toBe(0);
  const { result, residual, residualBefore } = JSON.parse(walk.stdout) as Result;
  expect(result).toBe('solved');
  expect(residualBefore.rmsPx).toBeGreaterThan(2);
  expect(residual.rmsPx).toBeLessThanOrEqual(0.5);
  expect(walk.stderr).toContain('come closer');
  expect((await readFile(picture)).subarray(1, 4).toString()).toBe('PNG');

  const shown = await fevergate(['calibrate', 'show', '--records', records]);
  expect(shown.stdout).toContain('simulated gate 3');
  expect(shown.stdout).toContain('in force: the calibrated mount');

  const report = path.join(folder, 'report.json');
  const screened = await fevergate([
    ...['simulate', '--records', records, '--visits', '3', '--seed', '1'],
    ...['--speed', 'max', '--report', report],
  ]);
  expect(screened.code, screened.stderr).toBe(0);
  const { summary } = JSON.parse(await readFile(report, 'utf8')) as SimulationReport;
  expect(summary).toMatchObject({ visits: 3, lost: 0, unexpected: 0 });
  const upkeep = JSON.parse(await readFile(path.join(records, 'registration-upkeep.json'), 'utf8')) as {
    visits: number;
  };
  expect(upkeep.visits).toBe(3);

  const recording = path.join(folder, 'recording');
  const recorded = await fevergate([
    ...['record', recording, '--records', records, '--visits', '1', '--seed', '2', '--speed', 'max'],
  ]);
  expect(recorded.code, recorded.stderr).toBe(0);
  const replayed = await fevergate(['replay', recording]);
  expect(replayed.code, replayed.stderr).toBe(0);
  expect(replayed.stderr).toContain('1 decisions, the same as recorded');

  const forgotten = await fevergate(['calibrate', 'forget', '--records', records]);
  expect(forgotten.code).toBe(0);
  expect((await readdir(records)).filter((name) => name.startsWith('registration'))).toEqual([]);
});

test('a walk that is too short changes nothing', { timeout: RUN_MS }, async () => {
  const records = path.join(folder, 'short');
  const { code, stdout } = await fevergate([
    ...['calibrate', 'registration', '--simulate', '4', '--seconds', '10', '--yes', '--records', records],
  ]);
  expect(code).toBe(2);
  expect(stdout).toContain('refused');
  expect(stdout).toContain('→');
  expect((await fevergate(['calibrate', 'show', '--records', records])).stdout).toContain(
    'no calibration is kept',
  );
});
