import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { UpkeepParts } from '../app/registration-upkeep.ts';
import type { GateObserver } from '../app/screening-gate.ts';
import { runScreeningGate } from '../app/screening-gate.ts';
import type { Config } from '../config/schema.ts';
import { createLog } from '../io/log.ts';
import { openFaceFinder } from '../io/tfjs/worker-face-finder.ts';
import type { Camera } from '../ports/camera.ts';
import type { ReadMachineVitals } from '../ports/machine-vitals.ts';
import { heldVision } from '../simulation/held-vision.ts';
import { VirtualMlx90640 } from '../simulation/sensor/virtual-mlx90640.ts';
import type { ThermalScene } from '../simulation/thermal-scene.ts';
import { VirtualClock } from '../simulation/virtual-clock.ts';
import { createVirtualLines, type VirtualLines } from '../simulation/virtual-lines.ts';
import { auditGate } from './gate-audit.ts';
import { auditTrailOf, type Closing, openRecords } from './gate-sinks.ts';
import { openRemote } from './open-remote.ts';
import { photoParts } from './photo-parts.ts';

/** What stands before the simulated gate. */
export type SimulatedWorld = Readonly<{
  thermal: ThermalScene;
  openCamera: (clock: VirtualClock) => Camera;
  /** When everybody has left, ms; may move while visitors are answered. */
  endMs: () => number;
}>;

export type SimulatedGateOptions = Readonly<{
  config: Config;
  world: SimulatedWorld;
  eeprom: Uint16Array;
  seed: number;
  pace: 'real' | 'max';
  /** Folder for the records; null: a temporary one, removed at the end. */
  recordsFolder: string | null;
  /** Null: the registration is not kept true by visitors. */
  upkeep: UpkeepParts | null;
  observe: (gate: Readonly<{ clock: VirtualClock; lines: VirtualLines }>) => GateObserver;
  /** Told once where alerts go. */
  onBroker: (url: string) => void;
  /** Stops the gate before its visitors end. */
  abort: AbortSignal;
}>;

/** The simulated gate has stood there, powered, for an hour: the sensor has settled. */
const POWERED_ON_AT_MS = -3_600_000;
/** A fixed day, so that a run's times depend on nothing but its seed. */
const START_UNIX_MS = Date.UTC(2026, 0, 5, 0, 0, 0);
/** What the vision worker takes on a Raspberry Pi, by estimate, ms. */
const VISION_LATENCY_MS = 60;
const NO_MACHINE = { cpuTemperatureC: null, memoryBytes: 0, diskFreeBytes: null } as const;
const LINGER_MS = 1500;
const END_POLL_MS = 500;

/** Screens the world's visitors with the production gate over virtual hardware, to the end. */
export async function runSimulatedGate(options: SimulatedGateOptions): Promise<void> {
  const { config, world, pace } = options;
  // A simulation's reader watches visitors, not records being opened.
  const log = createLog({ FEVERGATE_LOG_LEVEL: 'warn', ...process.env });
  const clock = new VirtualClock({ startUnixMs: START_UNIX_MS, pace });
  const lines = createVirtualLines(clock);
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, options.abort]);

  const closing: Closing = [];
  try {
    const faceFinder = await openFaceFinder(config.vision);
    closing.push(() => faceFinder.close());
    const directory = await recordsFolderOf(options, closing);
    const store = await openRecords(config, directory, { clock, log }, closing);
    if (options.recordsFolder !== null) await auditGate({ config, directory, clock, log }, closing);
    const { mqtt } = config.alerts;
    const embedded = !mqtt.enabled || mqtt.embeddedBroker.enabled;
    const audit = auditTrailOf(directory, clock);
    // The figures of a simulating machine are nobody's business.
    const machine: ReadMachineVitals = async () => NO_MACHINE;
    const remote = await openRemote({ ...options, embedded, store, audit, machine, log }, closing);
    const photos = await photoParts(config.records, store);
    const camera = world.openCamera(clock);
    closing.push(() => camera.close());
    const bus = new VirtualMlx90640({
      clock,
      eeprom: options.eeprom,
      scene: world.thermal,
      noise: { seed: options.seed },
      mirrored: config.thermal.mirrored,
      poweredOnAtMs: POWERED_ON_AT_MS,
    });
    const gate = runScreeningGate(
      {
        config,
        clock,
        bus,
        camera,
        faceFinder: heldVision(faceFinder, clock, VISION_LATENCY_MS),
        lines,
        store,
        ...photos,
        ...remote,
        log,
        sensorImages: null,
        recovery: { clearBus: null, cyclePower: null },
        poweredOnAtMs: () => POWERED_ON_AT_MS,
        ...(options.upkeep && { upkeep: options.upkeep }),
        observer: options.observe({ clock, lines }),
      },
      signal,
    );
    const watch = endOfVisits(world, clock, signal).finally(() => stop.abort());
    await clock.run(Promise.all([gate, watch]));
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

/** Resolves a moment after the last visitor has left, or when aborted. */
async function endOfVisits(world: SimulatedWorld, clock: VirtualClock, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && clock.nowMs() < world.endMs() + LINGER_MS) {
    await clock.sleep(END_POLL_MS, signal).catch(() => undefined);
  }
}

async function recordsFolderOf({ recordsFolder }: SimulatedGateOptions, closing: Closing): Promise<string> {
  if (recordsFolder !== null) return recordsFolder;
  const directory = await mkdtemp(path.join(os.tmpdir(), 'fevergate-'));
  closing.push(() => rm(directory, { recursive: true, force: true }));
  return directory;
}
