import os from 'node:os';
import path from 'node:path';
import { type GateObserver, runScreeningGate } from '../app/screening-gate.ts';
import type { Config } from '../config/schema.ts';
import { openLinuxLines } from '../io/linux/gate-lines.ts';
import { openI2cDev } from '../io/linux/i2c-dev-bus.ts';
import { startOutputsGuard } from '../io/linux/outputs-guard.ts';
import { linuxSensorRecovery } from '../io/linux/sensor-recovery.ts';
import { createSystemClock } from '../io/linux/system-clock.ts';
import { createLog } from '../io/log.ts';
import { openSensorImages } from '../io/store/sensor-images.ts';
import { openFaceFinder } from '../io/tfjs/worker-face-finder.ts';
import { auditedImages, auditGate } from './gate-audit.ts';
import { auditTrailOf, type Closing, openAlerts, openRecords } from './gate-sinks.ts';
import { openCamera } from './open-camera.ts';
import { photoParts } from './photo-parts.ts';

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
export async function runRealGate({ config, configFile, observer, abort }: RealGateOptions): Promise<void> {
  const log = createLog();
  const clock = createSystemClock();
  const closing: Closing = [];
  try {
    const lines = await openGuardedLines(config, configFile, closing);
    const store = await openRecords(config, config.records.directory, { clock, log }, closing);
    await auditGate({ config, directory: config.records.directory, clock, log }, closing);
    const sensorImages = auditedImages(
      await openSensorImages(config.records.directory),
      auditTrailOf(config.records.directory, clock),
    );
    const faceFinder = await openFaceFinder(config.vision);
    closing.push(() => faceFinder.close());
    const { mqtt } = config.alerts;
    const embedded = mqtt.embeddedBroker.enabled;
    const onBroker = (url: string): void => log.info({ url }, 'alerts go to this broker');
    const alerts =
      mqtt.enabled || embedded
        ? await openAlerts({ config, embedded, outbox: store.outbox, onBroker, log }, closing)
        : null;
    const bus = await openI2cDev(config.i2c.bus);
    closing.push(() => bus.close());
    const camera = openCamera(config, clock, log);
    closing.push(() => camera.close());
    const uptimeMs = os.uptime() * 1000;
    await runScreeningGate(
      {
        config,
        clock,
        bus,
        camera,
        faceFinder,
        lines,
        store,
        ...photoParts(config.records, store),
        alerts,
        log,
        sensorImages,
        recovery: linuxSensorRecovery(config, lines.sensorPower),
        // A sensor that kept its settings has been on since the machine was at the latest.
        poweredOnAtMs: (keptSettings) => (keptSettings ? -uptimeMs : clock.nowMs()),
        observer,
      },
      abort,
    );
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

/** The outputs, made safe at the end by this process, and by another one when this one can not. */
async function openGuardedLines(config: Config, configFile: string | null, closing: Closing) {
  const lines = await openLinuxLines(config);
  // systemd runs the same command itself (ExecStopPost).
  const guard =
    process.env['INVOCATION_ID'] === undefined ? startOutputsGuard(safeCommand(configFile)) : null;
  const makeSafe = (): void => lines.makeSafe();
  process.on('exit', makeSafe);
  closing.push(async () => {
    process.off('exit', makeSafe);
    lines.close();
    guard?.dismiss();
  });
  return lines;
}

/** `fevergate lines safe`, by the same program. */
function safeCommand(configFile: string | null): readonly string[] {
  const program = process.argv[1];
  if (program === undefined) throw new Error('this program does not know its own file');
  const config = configFile === null ? [] : ['--config', path.resolve(configFile)];
  return [process.execPath, ...process.execArgv, program, 'lines', 'safe', ...config];
}
