import { describe, expect, test } from 'vitest';
import { runScreeningGate } from '../../src/app/screening-gate.ts';
import { configSchema } from '../../src/config/schema.ts';
import type { Signal } from '../../src/domain/signal.ts';
import { blankCamera } from '../../src/simulation/blank-camera.ts';
import { generateEeprom } from '../../src/simulation/sensor/generate-eeprom.ts';
import { VirtualMlx90640 } from '../../src/simulation/sensor/virtual-mlx90640.ts';
import { VirtualClock } from '../../src/simulation/virtual-clock.ts';
import { createVirtualLines } from '../../src/simulation/virtual-lines.ts';

const ROOM_C = 22;
const emptyRoom = { ambientC: ROOM_C, render: (_atMs: number, toC: Float64Array) => void toC.fill(ROOM_C) };
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const noVisits = { nextNumber: 1, append: () => Promise.resolve(), close: () => Promise.resolve() };
const noFaces = { find: () => Promise.resolve([]), close: () => Promise.resolve() };

/** A gate before an empty room; `script` meddles with its sensor as virtual time passes. */
async function gateThrough(
  script: (sensor: VirtualMlx90640, clock: VirtualClock) => Promise<void>,
  options: { poweredOnAtMs?: number; lens?: 'BAA' | 'BAB' } = {},
) {
  const config = configSchema.parse({});
  const clock = new VirtualClock({ startUnixMs: 0, pace: 'max' });
  const poweredOnAtMs = options.poweredOnAtMs ?? -3_600_000;
  const bus = new VirtualMlx90640({
    clock,
    eeprom: generateEeprom({ lens: options.lens ?? 'BAB', seed: 1 }),
    scene: emptyRoom,
    noise: { seed: 1 },
    poweredOnAtMs,
  });
  const lines = createVirtualLines(clock);
  const signals: Signal[] = [];
  const stop = new AbortController();
  const running = runScreeningGate(
    {
      config,
      clock,
      bus,
      camera: blankCamera(clock, { width: 640, height: 480 }, 6),
      faceFinder: noFaces,
      lines,
      store: noVisits,
      alerts: null,
      log: quiet,
      poweredOnAtMs,
      observer: {
        onState: ({ signal }) => {
          if (signals.at(-1) !== signal) signals.push(signal);
        },
      },
    },
    stop.signal,
  );
  const meddling = script(bus, clock).finally(() => stop.abort());
  await clock.run(Promise.all([running, meddling]));
  return { signals, lines, bus };
}

describe('a gate whose sensor fails', () => {
  test('says so while the cable is pulled, and lets a sensor without supply warm up again', async () => {
    const { signals, lines, bus } = await gateThrough(async (sensor, clock) => {
      await clock.sleep(3000);
      sensor.setFault('absent');
      await clock.sleep(5000);
      sensor.setFault('none');
      await clock.sleep(400_000);
    });
    expect(signals).toEqual(['warming-up', 'idle', 'out-of-service', 'warming-up', 'idle']);
    expect(lines.edges.some((edge) => edge.line === 'green')).toBe(false);
    expect(bus.eepromWrites).toBe(0);
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
    await expect(gateThrough((_sensor, clock) => clock.sleep(5000), { lens: 'BAA' })).rejects.toMatchObject({
      code: 'wrong-lens',
      message: expect.stringContaining('thermal.lens'),
    });
  });

  test('outputs are off when the gate has ended', async () => {
    const { lines } = await gateThrough((_sensor, clock) => clock.sleep(3000));
    expect(lines.shown()).toEqual({ red: false, yellow: false, green: false, toneHz: 0 });
  });
});
