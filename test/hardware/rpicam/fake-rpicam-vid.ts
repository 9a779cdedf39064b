/**
 * Stands in for rpicam-vid (and `rpicam-hello --list-cameras`) where there is no Raspberry Pi. Written from the source of
 * rpicam-apps 1.9: the same arguments, the same order of frame and metadata, blocking output, six buffers.
 *
 * - `FEVERGATE_FAKE_CAMERA_FAULTS` names a file of faults, see faults.ts; it is read again with every frame.
 * - `FEVERGATE_FAKE_CAMERA_SOCK` names a unix socket the pictures come from: it gets a line of JSON with width, height
 *   and frameRateHz, and gives for each frame 8 bytes that are not looked at and width x height x 3 / 2 of I420.
 *   Without it the pictures are synthetic.
 */
import { openSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseVidArguments, type VidArguments } from './arguments.ts';
import { faultsNow } from './faults.ts';
import { type Exposure, socketExposures, syntheticExposures } from './frame-sources.ts';
import { CAMERA_LIST, say, sayError, sayStart } from './messages.ts';
import { padRows, StdioOutput } from './stdio-output.ts';

const USUAL_AGE_MS = 40;
/** What a process that returns -1 or was aborted leaves behind. */
const RETURNED_MINUS_ONE = 255;
const ABORTED = 134;

async function main(args: readonly string[]): Promise<void> {
  const asked = parseVidArguments(args);
  const faults = faultsNow();
  if (asked.listCameras) {
    writeSync(1, faults.noCamera ? 'No cameras available!\n' : CAMERA_LIST);
    return;
  }
  if (faults.noCamera) throw new Error('no cameras available');
  if (asked.cameraIndex > 0) throw new Error('selected camera is not available');
  if (faults.busy) throw new Error('failed to acquire camera /base/soc/i2c0mux/i2c@1/imx219@10');
  if (faults.stubborn) process.on('SIGTERM', () => undefined);
  sayStart(asked);
  if (faults.startMs !== undefined) await sleep(faults.startMs);
  await film(asked);
}

async function film(asked: VidArguments): Promise<void> {
  const output = new StdioOutput(1, asked.flush);
  const metadataFd = openMetadata(asked.metadata);
  for await (const { data, sensorNs } of exposures(asked)) {
    const { exitCode, hang, garbage, noMetadata } = faultsNow();
    if (garbage)
      writeSync(
        2,
        Uint8Array.from({ length: 2000 }, () => Math.random() * 256),
      );
    if (exitCode !== undefined) {
      sayError('the picture fell off the wall');
      process.exit(exitCode);
    }
    if (hang) break;
    writeOrAbort(output, padRows(data, asked.width, asked.height));
    if (metadataFd !== null && !noMetadata) writeMetadata(metadataFd, sensorNs);
  }
  say('ERROR: Device timeout detected, attempting a restart!!!');
  setInterval(() => undefined, 1000);
}

function exposures(asked: VidArguments): AsyncGenerator<Exposure> {
  const socket = process.env['FEVERGATE_FAKE_CAMERA_SOCK'];
  return socket === undefined
    ? syntheticExposures(asked, () => faultsNow().ageMs ?? USUAL_AGE_MS)
    : socketExposures(asked, socket);
}

/** A stream that cannot be opened is not noticed by the real one either. */
function openMetadata(file: string | undefined): number | null {
  try {
    return file === undefined ? null : openSync(file, 'w');
  } catch {
    return null;
  }
}

/** Every line is flushed by itself. */
function writeMetadata(fd: number, sensorNs: bigint): void {
  const lines = [
    'FocusFoM=1234',
    'ScalerCrop=(0, 0)/3280x2464',
    `SensorTimestamp=${sensorNs}`,
    'Lux=120.5',
    '',
  ];
  for (const line of lines) writeSync(fd, `${line}\n`);
}

function writeOrAbort(output: StdioOutput, data: Uint8Array): void {
  try {
    output.write(data);
  } catch (error) {
    say(`terminate called after throwing an instance of 'std::runtime_error': ${String(error)}`);
    process.exit(ABORTED);
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  sayError(error instanceof Error ? error.message : String(error));
  process.exitCode = RETURNED_MINUS_ONE;
}
