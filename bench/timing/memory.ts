import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { mountOf } from '../../src/app/gate-params.ts';
import { runScreeningGate } from '../../src/app/screening-gate.ts';
import { openRecords } from '../../src/commands/gate-sinks.ts';
import { configSchema } from '../../src/config/schema.ts';
import { openFaceFinder } from '../../src/io/tfjs/worker-face-finder.ts';
import { heldVision } from '../../src/simulation/held-vision.ts';
import { generateScenario } from '../../src/simulation/scene/scenario.ts';
import { createScene } from '../../src/simulation/scene/scene.ts';
import { generateEeprom } from '../../src/simulation/sensor/generate-eeprom.ts';
import { VirtualMlx90640 } from '../../src/simulation/sensor/virtual-mlx90640.ts';
import { VirtualCamera } from '../../src/simulation/virtual-camera.ts';
import { VirtualClock } from '../../src/simulation/virtual-clock.ts';

/** Memory of a gate over an hour of simulated time: `node --expose-gc --import tsx bench/timing/memory.ts [MINUTES]`. */
const minutes = Number(process.argv[2] ?? 60);
const SEED = 2;
const SAMPLE_MINUTES = 5;
const MEGABYTE = 2 ** 20;
const config = configSchema.parse({});
const { width, height, horizontalFovDeg, frameRateHz } = config.camera;
const scene = await createScene({
  scenario: generateScenario({ visits: 20 * minutes, seed: SEED }),
  lens: config.thermal.lens,
  mount: mountOf(config),
  seed: SEED,
});
const clock = new VirtualClock({ startUnixMs: 0, pace: 'max' });
const directory = mkdtempSync(path.join(os.tmpdir(), 'fevergate-memory-'));
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const store = await openRecords(config, directory, { clock, log }, []);
const faceFinder = await openFaceFinder(config.vision);
const stop = new AbortController();
let visits = 0;
const samples: Readonly<{ minute: number; heapMb: number; rssMb: number }>[] = [];

async function sample(): Promise<void> {
  for (let minute = 0; minute <= minutes; minute += SAMPLE_MINUTES) {
    await clock.sleep(minute * 60_000 - clock.nowMs());
    global.gc?.();
    const { heapUsed, external, rss } = process.memoryUsage();
    samples.push({ minute, heapMb: (heapUsed + external) / MEGABYTE, rssMb: rss / MEGABYTE });
    console.log(
      `minute ${String(minute).padStart(2)}: ${visits} visits, heap and buffers ${((heapUsed + external) / MEGABYTE).toFixed(1)} MB, resident ${(rss / MEGABYTE).toFixed(0)} MB`,
    );
  }
  stop.abort();
}

const nothing = { set: () => undefined };
const gate = runScreeningGate(
  {
    config,
    clock,
    bus: new VirtualMlx90640({
      clock,
      eeprom: generateEeprom({ lens: config.thermal.lens, seed: SEED }),
      scene: scene.thermal,
      noise: { seed: SEED },
      mirrored: config.thermal.mirrored,
      poweredOnAtMs: -3_600_000,
    }),
    camera: new VirtualCamera({ clock, scene, width, height, horizontalFovDeg, frameRateHz, seed: SEED }),
    faceFinder: heldVision(faceFinder, clock, 60),
    lines: { red: nothing, yellow: nothing, green: nothing, buzzer: { tone: () => undefined } },
    store,
    alerts: null,
    log,
    sensorImages: null,
    recovery: { clearBus: null, cyclePower: null },
    poweredOnAtMs: () => -3_600_000,
    observer: {
      onVisit: ({ atMs }) => {
        visits++;
        for (const { number } of scene.inViewAt(atMs).slice(0, 1)) scene.dismiss(number, atMs);
      },
    },
  },
  stop.signal,
);
await clock.run(Promise.all([gate, sample()]));
await faceFinder.close();
await store.close();
rmSync(directory, { recursive: true });

// The first sample is before anything has run.
const [, first] = samples;
const last = samples.at(-1);
if (first !== undefined && last !== undefined) {
  console.log(
    `from minute ${first.minute} to ${last.minute}: heap and buffers ${(last.heapMb - first.heapMb).toFixed(2)} MB, resident ${(last.rssMb - first.rssMb).toFixed(1)} MB`,
  );
}
