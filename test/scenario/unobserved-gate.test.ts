import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { mountOf } from '../../src/app/gate-params.ts';
import { runScreeningGate } from '../../src/app/screening-gate.ts';
import { openRecords } from '../../src/commands/gate-sinks.ts';
import { configSchema } from '../../src/config/schema.ts';
import type { Alert } from '../../src/domain/alert.ts';
import { readVisits } from '../../src/io/store/read-visits.ts';
import { openFaceFinder } from '../../src/io/tfjs/worker-face-finder.ts';
import { heldVision } from '../../src/simulation/held-vision.ts';
import { parseScenario } from '../../src/simulation/scene/scenario.ts';
import { createScene } from '../../src/simulation/scene/scene.ts';
import { generateEeprom } from '../../src/simulation/sensor/generate-eeprom.ts';
import { VirtualMlx90640 } from '../../src/simulation/sensor/virtual-mlx90640.ts';
import { VirtualCamera } from '../../src/simulation/virtual-camera.ts';
import { VirtualClock } from '../../src/simulation/virtual-clock.ts';
import { createVirtualLines } from '../../src/simulation/virtual-lines.ts';

const SEED = 5;

test('a gate that nobody observes keeps its visits and tells the elevated one', async () => {
  const config = configSchema.parse({ screening: { method: 'absolute' } });
  const scenario = parseScenario(
    { visitors: [{ distanceM: 0.6 }, { distanceM: 0.6, feverC: 3, mask: 'worn' }] },
    'two visitors',
  );
  const scene = await createScene({ scenario, lens: 'BAB', mount: mountOf(config), seed: SEED });
  const clock = new VirtualClock({ startUnixMs: 0, pace: 'max' });
  const directory = await mkdtemp(path.join(os.tmpdir(), 'fevergate-unobserved-'));
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const store = await openRecords(config, directory, { clock, log }, []);
  const faceFinder = await openFaceFinder(config.vision);
  const told: Alert[] = [];
  const stop = new AbortController();
  const watch = async (): Promise<void> => {
    while (clock.nowMs() < scene.endMs() + 2000) await clock.sleep(500);
    stop.abort();
  };
  const size = { width: 640, height: 480 };
  const gate = runScreeningGate(
    {
      config,
      clock,
      bus: new VirtualMlx90640({
        clock,
        eeprom: generateEeprom({ lens: 'BAB', seed: SEED }),
        scene: scene.thermal,
        noise: { seed: SEED },
        poweredOnAtMs: -3_600_000,
        mirrored: config.thermal.mirrored,
      }),
      camera: new VirtualCamera({
        clock,
        scene,
        ...size,
        horizontalFovDeg: 62.2,
        frameRateHz: 6,
        seed: SEED,
      }),
      faceFinder: heldVision(faceFinder, clock, 60),
      lines: createVirtualLines(clock),
      store,
      alerts: {
        publish: async (alert) => void told.push(alert),
        close: () => Promise.resolve(),
      },
      log,
      sensorImages: null,
      recovery: { clearBus: null, cyclePower: null },
      poweredOnAtMs: () => -3_600_000,
    },
    stop.signal,
  );
  try {
    await clock.run(Promise.all([gate, watch()]));
    expect((await readVisits(directory)).map((visit) => visit.class)).toEqual(['normal', 'elevated']);
    expect(told.map(({ visitNumber }) => visitNumber)).toEqual([2]);
  } finally {
    await faceFinder.close();
    await store.close();
    await rm(directory, { recursive: true });
  }
});
