import { describe, expect, test } from 'vitest';
import { generateEeprom } from '../../src/simulation/sensor/generate-eeprom.ts';
import { gateThrough } from '../support/empty-room-gate.ts';

describe('a gate whose sensor fails', () => {
  test('says so while the cable is pulled, and lets a sensor without supply warm up again', async () => {
    const { signals, lines, sensor } = await gateThrough(async (cable, clock) => {
      await clock.sleep(3000);
      cable.setFault('absent');
      await clock.sleep(5000);
      cable.setFault('none');
      await clock.sleep(400_000);
    });
    expect(signals).toEqual(['warming-up', 'idle', 'out-of-service', 'warming-up', 'idle']);
    expect(lines.edges.some((edge) => edge.line === 'green')).toBe(false);
    expect(sensor.eepromWrites).toBe(0);
  });

  test('a bus held for a while costs no warm-up: the sensor kept its supply', async () => {
    const { signals } = await gateThrough(async (sensor, clock) => {
      await clock.sleep(3000);
      sensor.setFault('stuck');
      await clock.sleep(4000);
      sensor.setFault('none');
      await clock.sleep(15_000);
    });
    expect(signals).toEqual(['warming-up', 'idle', 'out-of-service', 'idle']);
  });

  test('waits for a sensor that is not there when the gate starts', async () => {
    const { signals } = await gateThrough(async (sensor, clock) => {
      sensor.setFault('stuck');
      await clock.sleep(6000);
      sensor.setFault('none');
      await clock.sleep(6000);
    });
    expect(signals.at(-1)).toBe('idle');
  });

  test('a freshly powered sensor warms up for four minutes', async () => {
    const { signals } = await gateThrough((_sensor, clock) => clock.sleep(230_000), { poweredOnAtMs: 0 });
    expect(signals).toEqual(['warming-up']);
  });

  test('the wrong lens is refused with what to correct', async () => {
    const eeprom = generateEeprom({ lens: 'BAA', seed: 1 });
    await expect(gateThrough((_sensor, clock) => clock.sleep(5000), { eeprom })).rejects.toMatchObject({
      code: 'wrong-lens',
      message: expect.stringContaining('thermal.lens'),
    });
  });

  test('outputs are off when the gate has ended', async () => {
    const { lines } = await gateThrough((_sensor, clock) => clock.sleep(3000));
    expect(lines.shown()).toEqual({ red: false, yellow: false, green: false, toneHz: 0 });
  });
});
