import { collectWalk, type WalkProgress } from '../app/collect-walk.ts';
import { mountOf } from '../app/gate-params.ts';
import type { Walk } from '../app/walk-watcher.ts';
import type { Config } from '../config/schema.ts';
import type { Signal } from '../domain/signal.ts';
import { createSystemClock } from '../io/linux/system-clock.ts';
import { createLog } from '../io/log.ts';
import { isStoreInUse } from '../io/store/lock.ts';
import { openFaceFinder } from '../io/tfjs/worker-face-finder.ts';
import { heldVision } from '../simulation/held-vision.ts';
import { LedWalker } from '../simulation/scene/led-walker.ts';
import { createWalkScene, misplacedMount } from '../simulation/scene/walk-scene.ts';
import { generateEeprom } from '../simulation/sensor/generate-eeprom.ts';
import { VirtualMlx90640 } from '../simulation/sensor/virtual-mlx90640.ts';
import { VirtualCamera } from '../simulation/virtual-camera.ts';
import { VirtualClock } from '../simulation/virtual-clock.ts';
import { createVirtualLines } from '../simulation/virtual-lines.ts';
import { CommandError } from './command-error.ts';
import type { Closing } from './gate-sinks.ts';
import { openGuardedLines, openSenses } from './real-hardware.ts';

export type WalkOptions = Readonly<{
  config: Config;
  seconds: number;
  onProgress: (progress: WalkProgress) => void;
  abort: AbortSignal;
}>;

const POWERED_ON_AT_MS = -3_600_000;
/** What the vision worker takes on a Raspberry Pi, by estimate, ms. */
const VISION_LATENCY_MS = 60;

/** Watches somebody before this machine's gate. */
export async function watchRealWalk(options: WalkOptions, configFile: string | null): Promise<Walk> {
  const { config, seconds, onProgress, abort } = options;
  if (await isStoreInUse(config.records.directory)) {
    throw new CommandError(
      'a gate is running with these records; stop it first (sudo systemctl stop fevergate)',
    );
  }
  const log = createLog();
  const clock = createSystemClock();
  const closing: Closing = [];
  try {
    const lines = await openGuardedLines(config, configFile, closing);
    const senses = await openSenses(config, { clock, log }, lines, closing);
    return await collectWalk({ ...senses, config, clock, lines, log }, seconds, onProgress, abort);
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

/** Watches a simulated person before a simulated gate, whose mount is off by what the seed says. */
export async function watchSimulatedWalk(options: WalkOptions, seed: number): Promise<Walk> {
  const { config, seconds, onProgress, abort } = options;
  const log = createLog({ FEVERGATE_LOG_LEVEL: 'warn', ...process.env });
  const clock = new VirtualClock({ startUnixMs: 0, pace: process.stderr.isTTY ? 'real' : 'max' });
  const walker = new LedWalker();
  const { lens, mirrored } = config.thermal;
  const scene = await createWalkScene({ lens, mount: misplacedMount(mountOf(config), seed), walker, seed });
  const { width, height, horizontalFovDeg, frameRateHz } = config.camera;
  const camera = new VirtualCamera({ clock, scene, width, height, horizontalFovDeg, frameRateHz, seed });
  const faceFinder = await openFaceFinder(config.vision);
  let heard: Signal | null = null;
  try {
    const walking = collectWalk(
      {
        config,
        clock,
        bus: new VirtualMlx90640({
          clock,
          eeprom: generateEeprom({ lens, seed }),
          scene: scene.thermal,
          noise: { seed },
          mirrored,
          poweredOnAtMs: POWERED_ON_AT_MS,
        }),
        camera,
        faceFinder: heldVision(faceFinder, clock, VISION_LATENCY_MS),
        lines: createVirtualLines(clock),
        log,
        sensorImages: null,
        recovery: { clearBus: null, cyclePower: null },
      },
      seconds,
      (progress) => {
        const { signal } = progress.guidance;
        if (signal !== heard) walker.heed(signal, clock.nowMs());
        heard = signal;
        onProgress(progress);
      },
      abort,
    );
    await clock.run(walking);
    return await walking;
  } finally {
    await camera.close();
    await faceFinder.close();
  }
}
