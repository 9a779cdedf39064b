import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openVisitStore } from '../../src/io/store/visit-store.ts';
import type { StoredVisit } from '../../src/records/stored-visit.ts';
import { type Door, openDoor } from '../hardware/door/door.ts';
import { MISHAPS } from '../hardware/door/mishaps.ts';
import { type DoorRun, runThroughMishaps } from '../hardware/door/run-door.ts';
import { greenLights, wrongGreens } from '../hardware/door/screening.ts';
import { lackOfEmulatedHardware } from '../support/emulated-hardware.ts';

const ANSWERS = 50;
/** Every mishap comes at least once. */
const EVERY_ANSWERS = 4;
const lack = lackOfEmulatedHardware();

describe.skipIf(lack !== null)(lack ?? 'fifty visits with a mishap every few', () => {
  let door: Door;
  let run: DoorRun;

  beforeAll(async () => {
    door = await openDoor({ visits: 90, seed: 11 });
    run = await runThroughMishaps({
      door,
      answers: ANSWERS,
      everyAnswers: EVERY_ANSWERS,
      mishaps: MISHAPS,
      withinMs: 900_000,
    });
  }, 960_000);
  afterAll(async () => {
    const count = (outcome: string): number =>
      run.screening.answers.filter((answer) => answer.outcome === outcome).length;
    process.stdout.write(
      `${run.screening.answers.length} answers (${count('normal')} normal, ${count('recheck')} recheck, ${count('elevated')} elevated), ${run.happened.length} mishaps, ${wrongGreens(door).length} wrong greens\n`,
    );
    await door.close();
  });

  test('all mishaps happened, and the gate answered on', () => {
    expect(new Set(run.happened)).toEqual(new Set(MISHAPS.map(({ name }) => name)));
    expect(run.screening.answers.length).toBeGreaterThanOrEqual(ANSWERS);
    expect(run.gate.output().stderr).toContain('failed, trying again');
    const outOfService = run.screening.signals.filter((signal) => signal === 'out-of-service');
    expect(outOfService.length).toBeGreaterThanOrEqual(5);
  });

  test('green shone for nobody with fever, for nobody absent, and never without a fresh picture', () => {
    expect(greenLights(door).length).toBeGreaterThan(20);
    expect(wrongGreens(door)).toEqual([]);
    const pictures = door.hardware.trace.i2c.filter(
      ({ text, outcome }) => outcome === 'ok' && text.includes('[0400]'),
    );
    for (const atMs of greenLights(door)) {
      const newest = pictures.findLast(({ endMs }) => endMs <= atMs);
      expect(atMs - (newest?.endMs ?? 0)).toBeLessThan(1000);
    }
  });

  test('fever was answered elevated or recheck, each once', () => {
    const feverish = run.screening.answers.filter(({ fever }) => fever);
    expect(feverish.length).toBeGreaterThan(2);
    for (const { outcome } of feverish) expect(outcome).not.toBe('normal');
  });

  test('nothing was written to the EEPROM', () => {
    expect(door.sensor.eepromWrites).toBe(0);
    const writes = door.hardware.trace.transactions.filter((text) => /^S33W\[2[4-7]..[0-9a-f]/.test(text));
    expect(writes).toEqual([]);
  });

  test('stopped, it ends in order: every line dark, every visit on disk', async () => {
    run.gate.kill('SIGTERM');
    expect(await run.gate.ended).toMatchObject({ code: 0 });
    expect(door.isDark()).toBe(true);
    const held = door.hardware.gpio.holders();
    expect(held).toEqual([]);
    const visits = await recorded(door.recordsFolder);
    expect(visits.length).toBeGreaterThanOrEqual(run.screening.answers.length);
    expect(visits.map(({ number }) => number)).toEqual(visits.map((_, index) => index + 1));
  });
});

async function recorded(folder: string): Promise<readonly StoredVisit[]> {
  const store = await openVisitStore({ directory: folder, capVisits: 25_000 });
  const visits = store.visits();
  await store.close();
  return visits;
}
