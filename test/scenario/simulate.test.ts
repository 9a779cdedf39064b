import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SimulationReport } from '../../src/simulation/report.ts';
import type { LineEdge } from '../../src/simulation/virtual-lines.ts';
import { fevergate } from '../support/command.ts';
import { describeWithSharedData, sharedData } from '../support/shared-data.ts';
import { visitsOnDisk } from '../support/visits-on-disk.ts';

const RUN_MS = 180_000;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'fevergate-scenario-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function simulate(name: string, args: readonly string[]): Promise<SimulationReport> {
  const file = path.join(folder, `${name}.json`);
  const { code, stderr } = await fevergate(['simulate', '--speed', 'max', '--report', file, ...args]);
  expect(code, stderr).toBe(0);
  return JSON.parse(await readFile(file, 'utf8')) as SimulationReport;
}

/** The crowd's run, with the prompts that a terminal would show. */
async function crowd() {
  const file = path.join(folder, 'crowd.json');
  const { code, stderr } = await fevergate([
    'simulate',
    '--speed',
    'max',
    '--report',
    file,
    '--scenario',
    'config/scenarios/crowd.json',
    '--prompts',
  ]);
  expect(code, stderr).toBe(0);
  return { stderr, ...(JSON.parse(await readFile(file, 'utf8')) as SimulationReport) };
}

describe('the simulated gate', () => {
  test('measures every visitor, misses no fever, and keeps what it may keep', {
    timeout: RUN_MS,
  }, async () => {
    const records = path.join(folder, 'records');
    const timeline = path.join(folder, 'timeline.json');
    const { summary, visits } = await simulate('mixed', [
      ...['--visits', '25', '--seed', '1'],
      ...['--records', records, '--timeline', timeline],
    ]);
    const edges = JSON.parse(await readFile(timeline, 'utf8')) as readonly LineEdge[];
    const greens = edges.filter((edge) => edge.line === 'green' && edge.value === true);
    expect(greens).toHaveLength(visits.filter((visit) => visit.outcome === 'normal').length);
    expect(summary).toMatchObject({ visits: 25, lost: 0, unexpected: 0, wrongGreen: 0 });
    expect(summary.falseAlerts).toBeLessThanOrEqual(1);
    expect(Math.abs(summary.biasC ?? Number.NaN)).toBeLessThanOrEqual(0.3);
    expect(visits.some((visit) => visit.fever)).toBe(true);
    expect(visits.some((visit) => visit.mask === 'worn')).toBe(true);

    const stored = (await visitsOnDisk(records)) as readonly Record<string, unknown>[];
    expect(stored.map((visit) => visit['class'])).toEqual(visits.map((visit) => visit.outcome));
    for (const visit of stored) {
      expect('temperature_c' in visit).toBe(visit['class'] !== 'normal');
    }
  });

  test('the same seed is the same run', { timeout: RUN_MS }, async () => {
    const [once, again] = [
      await simulate('once', ['--visits', '4', '--seed', '5']),
      await simulate('again', ['--visits', '4', '--seed', '5']),
    ];
    expect(again).toEqual(once);
  });

  test('a hand, the back of a head, a photo and a cup have no temperature', { timeout: RUN_MS }, async () => {
    const { summary, visits } = await simulate('tricks', ['--scenario', 'config/scenarios/tricks.json']);
    expect(summary.unexpected).toBe(0);
    expect(summary.lost).toBe(0);
    expect(visits).not.toHaveLength(0);
  });

  test.each([
    ['an arm, a pet, and a face on a tablet that is a little warm', 'no-face'],
    ['a warm head turned away in front of a photo of a face', 'poster'],
  ])('%s: no temperature, and the visitor after them has one', { timeout: RUN_MS }, async (_, name) => {
    const { summary } = await simulate(name, ['--scenario', `config/scenarios/${name}.json`]);
    expect(summary).toMatchObject({ visits: 1, lost: 0, unexpected: 0 });
  });

  test('somebody who walks past, and a hand, hide a visitor: still one visit, of the right temperature', {
    timeout: RUN_MS,
  }, async () => {
    const { summary, visits } = await simulate('hidden', ['--scenario', 'config/scenarios/hidden.json']);
    expect(summary).toMatchObject({ visits: 3, lost: 0, unexpected: 0, wrongGreen: 0 });
    for (const visit of visits) {
      expect(Math.abs((visit.readingC ?? 0) - visit.trueTemperatureC)).toBeLessThan(0.7);
    }
    // Under the nose is not worn.
    expect(visits.map((visit) => visit.maskDecided)).toEqual(['worn', 'not-worn', 'worn']);
  });

  test('two people side by side are asked to come one at a time', { timeout: RUN_MS }, async () => {
    const { stderr, summary } = await crowd();
    expect(stderr).toContain('one-at-a-time');
    expect(summary).toMatchObject({ lost: 0, unexpected: 0 });
  });

  test('works with the wide lens', { timeout: RUN_MS }, async () => {
    const { summary } = await simulate('wide', [
      '--scenario',
      'config/scenarios/near.json',
      '--config',
      'test/scenario/wide-lens.yaml',
    ]);
    expect(summary).toMatchObject({ lost: 0, wrongGreen: 0 });
    expect(Math.abs(summary.biasC ?? Number.NaN)).toBeLessThanOrEqual(0.3);
  });
});

describeWithSharedData('photos of real faces instead of drawn ones', () => {
  test('are measured, masks and all', { timeout: RUN_MS }, async () => {
    const photos = path.join(folder, 'photos');
    for (const kind of ['mask', 'no-mask']) {
      await mkdir(path.join(photos, kind), { recursive: true });
      const names = (await readdir(sharedData(`faces/${kind}`))).sort().slice(0, 20);
      for (const name of names)
        await copyFile(sharedData(`faces/${kind}/${name}`), path.join(photos, kind, name));
    }
    const { summary } = await simulate('photos', ['--visits', '8', '--seed', '3', '--faces', photos]);
    expect(summary).toMatchObject({ lost: 0, unexpected: 0, wrongGreen: 0 });
    expect(summary.maskRight).toBeGreaterThanOrEqual(0.85);
  });
});

describe('record and replay', () => {
  test('a replay comes to the same decisions', { timeout: RUN_MS }, async () => {
    const recording = path.join(folder, 'recording');
    const recorded = await fevergate(['record', recording, '--visits', '3', '--seed', '2', '--speed', 'max']);
    expect(recorded.code, recorded.stderr).toBe(0);
    const replayed = await fevergate(['replay', recording]);
    expect(replayed.code, replayed.stderr).toBe(0);
    expect(replayed.stdout.trim().split('\n')).toHaveLength(3);
    expect(replayed.stderr).toContain('the same as recorded');
  });

  test('a recording that was decided otherwise is told, and so is none', { timeout: RUN_MS }, async () => {
    const file = path.join(folder, 'recording', 'decisions.json');
    const decisions = JSON.parse(await readFile(file, 'utf8')) as { temperatureC: number }[];
    const changed = decisions.map((one, index) =>
      index === 1 ? { ...one, temperatureC: one.temperatureC + 1e-9 } : one,
    );
    await writeFile(file, JSON.stringify(changed));
    const replayed = await fevergate(['replay', path.join(folder, 'recording')]);
    expect(replayed.code).toBe(1);
    expect(replayed.stderr).toContain('decision 2 differs');

    const none = await fevergate(['replay', path.join(folder, 'nothing-here')]);
    expect(none.code).toBe(1);
    expect(none.stderr).toContain('recording.json');
  });
});

describe('what a user can mend is told in one line', () => {
  test('a folder that cannot hold records, a wrong scenario, a wrong number', {
    timeout: RUN_MS,
  }, async () => {
    const inAFile = await fevergate([
      'simulate',
      '--visits',
      '1',
      '--speed',
      'max',
      '--records',
      '/dev/null/records',
    ]);
    expect(inAFile).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^fevergate: .*\/dev\/null\/records/m),
    });
    const scenario = path.join(folder, 'wrong.json');
    await writeFile(scenario, '{"visitors": [{"distanceM": 7}]}');
    const wrong = await fevergate(['simulate', '--scenario', scenario]);
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('visitors[0].distanceM') });
    const none = await fevergate(['simulate', '--visits', 'none']);
    expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('--visits') });
  });
});

describeWithSharedData('a sensor of the other lens', () => {
  test('is refused with what to correct', { timeout: RUN_MS }, async () => {
    const eeprom = sharedData('mlx90640/second-sensor.json');
    const { code, stderr } = await fevergate([
      'simulate',
      '--visits',
      '1',
      '--speed',
      'max',
      '--eeprom',
      eeprom,
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^fevergate: the sensor has the BAA lens, thermal.lens says BAB/m);
  });
});

describeWithSharedData('a thermal-only recording', () => {
  test('runs through the virtual sensor; without a camera nobody is measured', {
    timeout: RUN_MS,
  }, async () => {
    const { code, stdout, stderr } = await fevergate([
      'replay',
      sharedData('thermal-recordings/20210322-141052.json'),
    ]);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('"signal":"look-here"');
    expect(stderr).toContain('0 visits');
  });
});
