import path from 'node:path';
import type { Config } from '../config/schema.ts';
import { type LinuxLines, openLinuxLines } from '../io/linux/gate-lines.ts';
import { openI2cDev } from '../io/linux/i2c-dev-bus.ts';
import { startOutputsGuard } from '../io/linux/outputs-guard.ts';
import { linuxSensorRecovery } from '../io/linux/sensor-recovery.ts';
import { openSensorImages } from '../io/store/sensor-images.ts';
import { openFaceFinder } from '../io/tfjs/worker-face-finder.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { auditedImages } from './gate-audit.ts';
import { auditTrailOf, type Closing } from './gate-sinks.ts';
import { openCamera } from './open-camera.ts';

/** The outputs, made safe at the end by this process, and by another one when this one can not. */
export async function openGuardedLines(
  config: Config,
  configFile: string | null,
  closing: Closing,
): Promise<LinuxLines> {
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

/** This machine's thermal array and camera, and what finds faces. */
export async function openSenses(
  config: Config,
  { clock, log }: Readonly<{ clock: Clock; log: Log }>,
  lines: LinuxLines,
  closing: Closing,
) {
  const { directory } = config.records;
  const sensorImages = auditedImages(await openSensorImages(directory), auditTrailOf(directory, clock));
  const faceFinder = await openFaceFinder(config.vision);
  closing.push(() => faceFinder.close());
  const bus = await openI2cDev(config.i2c.bus);
  closing.push(() => bus.close());
  const camera = await openCamera(config, clock, log);
  closing.push(() => camera.close());
  return { sensorImages, faceFinder, bus, camera, recovery: linuxSensorRecovery(config, lines.sensorPower) };
}

/** `fevergate lines safe`, by the same program. */
function safeCommand(configFile: string | null): readonly string[] {
  const program = process.argv[1];
  if (program === undefined) throw new Error('this program does not know its own file');
  const config = configFile === null ? [] : ['--config', path.resolve(configFile)];
  return [process.execPath, ...process.execArgv, program, 'lines', 'safe', ...config];
}
