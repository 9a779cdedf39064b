import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { GateObserver } from '../app/screening-gate.ts';
import { runScreeningGate } from '../app/screening-gate.ts';
import type { Config } from '../config/schema.ts';
import { mqttPassword } from '../config/secrets.ts';
import { createLog } from '../io/log.ts';
import { openAlertChannel } from '../io/mqtt/alert-channel.ts';
import { type EmbeddedBroker, startEmbeddedBroker } from '../io/mqtt/embedded-broker.ts';
import { openOutbox } from '../io/store/alert-outbox.ts';
import { openVisitStore } from '../io/store/visit-store.ts';
import { openFaceFinder } from '../io/tfjs/worker-face-finder.ts';
import type { AlertChannel } from '../ports/alert-channel.ts';
import type { AlertOutbox } from '../ports/alert-outbox.ts';
import type { Camera } from '../ports/camera.ts';
import type { Log } from '../ports/log.ts';
import { heldVision } from '../simulation/held-vision.ts';
import { VirtualMlx90640 } from '../simulation/sensor/virtual-mlx90640.ts';
import type { ThermalScene } from '../simulation/thermal-scene.ts';
import { VirtualClock } from '../simulation/virtual-clock.ts';
import { createVirtualLines, type VirtualLines } from '../simulation/virtual-lines.ts';

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
const LINGER_MS = 1500;
const END_POLL_MS = 500;
const ALERTS_CLOSE_MS = 5000;

/** Screens the world's visitors with the production gate over virtual hardware, to the end. */
export async function runSimulatedGate(options: SimulatedGateOptions): Promise<void> {
  const { config, world, pace } = options;
  // A simulation's reader watches visitors, not records being opened.
  const log = createLog({ FEVERGATE_LOG_LEVEL: 'warn', ...process.env });
  const clock = new VirtualClock({ startUnixMs: START_UNIX_MS, pace });
  const lines = createVirtualLines(clock);
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, options.abort]);

  const closing: (() => Promise<void>)[] = [];
  try {
    const faceFinder = await openFaceFinder(config.vision);
    closing.push(() => faceFinder.close());
    const { store, outbox } = await openStore(options, closing, log);
    const alerts = await openAlerts(options, outbox, closing, log);
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
        alerts,
        log,
        sensorImages: null,
        recovery: { clearBus: null, cyclePower: null },
        poweredOnAtMs: () => POWERED_ON_AT_MS,
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

type Closing = (() => Promise<void>)[];

async function openStore({ recordsFolder, config }: SimulatedGateOptions, closing: Closing, log: Log) {
  const directory = recordsFolder ?? (await mkdtemp(path.join(os.tmpdir(), 'fevergate-')));
  if (recordsFolder === null) closing.push(() => rm(directory, { recursive: true, force: true }));
  const store = await openVisitStore({ directory, capVisits: config.records.capVisits, log });
  closing.push(() => store.close());
  const outbox = await openOutbox(directory);
  closing.push(() => outbox.close());
  return { store, outbox };
}

/** Alerts go to the configured broker, or to an embedded one when that or none is configured. */
async function openAlerts(
  options: SimulatedGateOptions,
  outbox: AlertOutbox,
  closing: Closing,
  log: Log,
): Promise<AlertChannel> {
  const { mqtt } = options.config.alerts;
  const { site, name } = options.config.gate;
  let { url } = mqtt;
  if (!mqtt.enabled || mqtt.embeddedBroker.enabled) {
    const broker = await startBroker(options, log);
    closing.push(() => broker.close());
    url = `mqtt://${mqtt.embeddedBroker.host}:${broker.port}`;
  }
  options.onBroker(url);
  const password = await mqttPassword(mqtt.passwordFile, process.env);
  const alerts = await openAlertChannel({
    url,
    site,
    gate: name,
    clientId: mqtt.clientId,
    username: mqtt.username,
    password,
    caFile: mqtt.caFile,
    outbox,
    log,
  });
  closing.push(() => alerts.close(ALERTS_CLOSE_MS));
  return alerts;
}

/** The embedded broker on its configured port, or on any free one when something listens there already. */
async function startBroker({ config }: SimulatedGateOptions, log: Log): Promise<EmbeddedBroker> {
  const { host, port } = config.alerts.mqtt.embeddedBroker;
  try {
    return await startEmbeddedBroker({ host, port });
  } catch (error) {
    log.warn({ port, error: String(error) }, 'embedded broker takes another port');
    return startEmbeddedBroker({ host, port: 0 });
  }
}
