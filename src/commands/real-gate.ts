import os from 'node:os';
import { type GateObserver, runScreeningGate } from '../app/screening-gate.ts';
import { serviceObserver } from '../app/service-observer.ts';
import type { Config } from '../config/schema.ts';
import { readLogin } from '../io/linux/login.ts';
import { machineVitals } from '../io/linux/machine-vitals.ts';
import { openServiceManager } from '../io/linux/service-manager.ts';
import { createSystemClock } from '../io/linux/system-clock.ts';
import { createLog } from '../io/log.ts';
import { auditGate } from './gate-audit.ts';
import { auditTrailOf, type Closing, openRecords } from './gate-sinks.ts';
import { openRemote } from './open-remote.ts';
import { photoParts } from './photo-parts.ts';
import { openGuardedLines, openSenses } from './real-hardware.ts';
import { loadRegistration } from './registration-in-force.ts';
import { observersTogether } from './simulation-observer.ts';

export type RealGateOptions = Readonly<{
  config: Config;
  /** Null: the built-in defaults. */
  configFile: string | null;
  observer: GateObserver;
  abort: AbortSignal;
}>;

/**
 * Runs the gate on this machine's hardware until aborted. Its outputs are off from the first moment, and again however
 * it ends.
 * @throws ConfigError, DeviceError, SensorError, StoreError, VisionError: what keeps it from starting
 */
export async function runRealGate(options: RealGateOptions): Promise<void> {
  const { configFile, observer, abort } = options;
  const log = createLog();
  const clock = createSystemClock();
  const closing: Closing = [];
  const manager = openServiceManager(process.env, log);
  abort.addEventListener('abort', () => manager.stopping(), { once: true });
  manager.starting('waiting for the thermal array');
  try {
    const lines = await openGuardedLines(options.config, configFile, closing);
    const { directory } = options.config.records;
    const store = await openRecords(options.config, directory, { clock, log }, closing);
    const { keys: loginKeys } = await readLogin();
    await auditGate({ config: options.config, directory, clock, log, loginKeys }, closing);
    const { config, upkeep } = await loadRegistration(options.config, directory, { simulated: false, log });
    const { mqtt } = config.alerts;
    const embedded = mqtt.embeddedBroker.enabled;
    const onBroker = (url: string): void => log.info({ url }, 'alerts go to this broker');
    const audit = auditTrailOf(directory, clock);
    const machine = machineVitals(directory);
    const remote =
      mqtt.enabled || embedded
        ? await openRemote({ config, embedded, store, audit, machine, onBroker, log }, closing)
        : { alerts: null };
    const senses = await openSenses(config, { clock, log }, lines, closing);
    const uptimeMs = os.uptime() * 1000;
    await runScreeningGate(
      {
        ...senses,
        config,
        clock,
        lines,
        store,
        ...(await photoParts(config.records, store)),
        ...remote,
        log,
        upkeep,
        // A sensor that kept its settings has been on since the machine was at the latest.
        poweredOnAtMs: (keptSettings) => (keptSettings ? -uptimeMs : clock.nowMs()),
        observer: observersTogether([
          observer,
          serviceObserver({ manager, camera: senses.camera, clock, log }, abort),
        ]),
      },
      abort,
    );
  } finally {
    manager.stopping();
    for (const close of closing.reverse()) await close();
  }
}
