import { describe, expect, test } from 'vitest';
import { openDoor } from '../hardware/door/door.ts';
import { MISHAPS } from '../hardware/door/mishaps.ts';
import { runThroughMishaps } from '../hardware/door/run-door.ts';
import { greenLights, wrongGreens } from '../hardware/door/screening.ts';
import { lackOfEmulatedHardware, until } from '../support/emulated-hardware.ts';

const lack = lackOfEmulatedHardware();

describe.skipIf(lack !== null)(lack ?? 'the gate on emulated hardware', () => {
  test('answers visitors, stays out of service while its sensor is away, ends dark', {
    timeout: 180_000,
  }, async () => {
    const door = await openDoor({ visits: 12, seed: 3 });
    try {
      const mishaps = MISHAPS.filter(({ name }) => name === 'sensor vanishes for 3 s');
      const { gate, screening } = await runThroughMishaps({
        door,
        answers: 4,
        everyAnswers: 2,
        mishaps,
        withinMs: 120_000,
      });
      expect(screening.signals).toContain('out-of-service');
      expect(greenLights(door).length).toBeGreaterThan(0);
      expect(wrongGreens(door)).toEqual([]);
      gate.kill('SIGTERM');
      expect(await gate.ended).toMatchObject({ code: 0 });
      expect(door.isDark()).toBe(true);
      expect(door.sensor.eepromWrites).toBe(0);
    } finally {
      await door.close();
    }
  });

  test('killed while it shines, it is switched off by its watcher', { timeout: 120_000 }, async () => {
    const door = await openDoor({ visits: 3, seed: 4 });
    try {
      const { gate } = await runThroughMishaps({
        door,
        answers: 1,
        everyAnswers: 99,
        mishaps: [],
        withinMs: 60_000,
      });
      expect(door.isDark()).toBe(false);
      gate.kill('SIGKILL');
      expect((await gate.ended).code).toBe(137);
      await until(() => door.isDark(), 'the watcher has switched everything off');
    } finally {
      await door.close();
    }
  });
});
