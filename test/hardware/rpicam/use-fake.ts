import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { CameraFrame } from '../../../src/domain/camera-frame.ts';
import type { Camera } from '../../../src/ports/camera.ts';
import type { Log, LogFields } from '../../../src/ports/log.ts';
import type { Faults } from './faults.ts';

/** What every stand-in runs. */
const SOURCE = fileURLToPath(new URL('./fake-rpicam-vid.ts', import.meta.url));

/** The stand-ins, to be given as `executable`. */
export const FAKE_RPICAM_VID = fileURLToPath(new URL('./bin/rpicam-vid', import.meta.url));
export const FAKE_RPICAM_HELLO = fileURLToPath(new URL('./bin/rpicam-hello', import.meta.url));

/** This machine's time, as the gate sees it. */
export const steadyClock = {
  nowMs: (): number => performance.now(),
  sleep: async (ms: number, signal?: AbortSignal): Promise<void> => {
    await sleep(ms, undefined, { signal }).catch(() => {
      throw signal?.reason;
    });
  },
};

/** A log that keeps what it is told. */
export class KeptLog implements Log {
  readonly lines: string[] = [];
  readonly info = (fields: LogFields, message: string): void => this.#keep('info', fields, message);
  readonly warn = (fields: LogFields, message: string): void => this.#keep('warn', fields, message);
  readonly error = (fields: LogFields, message: string): void => this.#keep('error', fields, message);

  #keep(level: string, fields: LogFields, message: string): void {
    this.lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
  }
}

/** A directory with the faults file; tells the stand-ins started from now on, and those that run, what to do wrong. */
export class FaultSwitch {
  readonly directory = mkdtempSync(join(tmpdir(), 'fake-camera-'));
  readonly #file = join(this.directory, 'faults.json');

  constructor() {
    process.env['FEVERGATE_FAKE_CAMERA_FAULTS'] = this.#file;
  }

  set(faults: Faults): void {
    writeFileSync(this.#file, JSON.stringify(faults));
  }

  remove(): void {
    delete process.env['FEVERGATE_FAKE_CAMERA_FAULTS'];
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Process ids of the stand-ins that run as children of `parent`. */
export function fakesOf(parent: number = process.pid): readonly number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && isRunning(pid) && parentOf(pid) === parent);
}

/** Whether that process is there, and a stand-in. */
export function isRunning(pid: number): boolean {
  return aboutProcess(pid, 'cmdline').includes(basename(SOURCE));
}

function parentOf(pid: number): number {
  return Number(/^PPid:\s+(\d+)$/m.exec(aboutProcess(pid, 'status'))?.[1]);
}

/** Nothing of a process that has gone. */
function aboutProcess(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/** Frames one after the other for so long, ms, the wait for the first left out. */
export async function film(camera: Camera, forMs: number): Promise<readonly CameraFrame[]> {
  const frames = [await camera.capture()];
  const endMs = steadyClock.nowMs() + forMs;
  while (steadyClock.nowMs() < endMs) frames.push(await camera.capture());
  return frames;
}
