import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, readFile, statfs } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Config } from '../config/schema.ts';
import { isClockSynchronised } from '../io/linux/libc.ts';
import { type Finding, failed, ok, skipped, warning } from './finding.ts';

const run = promisify(execFile);

const MEGABYTE = 1e6;
/** The whole store with its outbox and sensor images takes less, MB. */
const NEEDED_MB = 100;
const NEEDED_INODES = 1000;
/** A Raspberry Pi slows down from 80 degC (85 on a Pi 5) on. */
const HOT_C = 75;
/** Bits of `vcgencmd get_throttled`. */
const UNDER_VOLTAGE_NOW = 0x1;
const SLOWED_NOW = 0xe;
const UNDER_VOLTAGE_BEFORE = 0x1_0000;
const SLOWED_BEFORE = 0xe_0000;

/** What kind of machine this is. */
export async function checkBoard(): Promise<Finding> {
  const node = `Node ${process.versions.node}`;
  const model = await readFile('/proc/device-tree/model', 'utf8').catch(() => null);
  const name = model?.replaceAll('\0', '').trim();
  if (name?.startsWith('Raspberry Pi')) return ok('board', `${name}, ${node}`);
  return warning(
    'board',
    `${name ?? `${process.platform} ${process.arch}`}, ${node}: not a Raspberry Pi`,
    'on another board set lines.chip, i2c.bus and camera.source by hand',
  );
}

/** Whether the kernel's clock is kept right; visits are dated by it. */
export function checkClock(): Finding {
  switch (isClockSynchronised()) {
    case true:
      return ok('clock', 'synchronised');
    case false:
      return warning(
        'clock',
        'not synchronised: times of visits are marked untrusted',
        'give the gate a time server (timedatectl set-ntp true) or a clock module (dtoverlay=i2c-rtc)',
      );
    case null:
      return skipped('clock', 'the kernel does not tell');
  }
}

/** Room and permission where the records go. */
export async function checkDisk({ records }: Config): Promise<Finding> {
  const folder = await existingFolder(path.resolve(records.directory));
  const writable = await access(folder, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!writable) {
    return failed(
      'disk',
      `${folder} may not be written by this user`,
      `sudo chown $USER ${folder}, or set records.directory to another folder`,
    );
  }
  const { bavail, bsize, ffree, files } = await statfs(folder);
  return diskFinding(folder, (bavail * bsize) / MEGABYTE, files === 0 ? null : ffree);
}

/** @param freeInodes null on a file system without a fixed number of them */
export function diskFinding(folder: string, freeMb: number, freeInodes: number | null): Finding {
  const inodes = freeInodes === null ? '' : `, ${freeInodes} free inodes`;
  const found = `${Math.floor(freeMb)} MB free for ${folder}${inodes}`;
  if (freeMb < NEEDED_MB) {
    return failed('disk', found, `free ${NEEDED_MB} MB, or set records.directory to another disk`);
  }
  if (freeInodes !== null && freeInodes < NEEDED_INODES) {
    return failed('disk', found, 'remove small files: the file system can hold no more of them');
  }
  return ok('disk', found);
}

async function existingFolder(folder: string): Promise<string> {
  const there = await access(folder).then(
    () => true,
    () => false,
  );
  return there || folder === path.dirname(folder) ? folder : existingFolder(path.dirname(folder));
}

/** How hot the processor is, and whether heat or a weak supply slows it down. */
export async function checkTemperature(zones = '/sys/class/thermal'): Promise<Finding> {
  const text = await readFile(path.join(zones, 'thermal_zone0/temp'), 'utf8').catch(() => null);
  const temperatureC = text === null ? null : Number(text) / 1000;
  const throttled = await throttledFlags();
  if (temperatureC === null && throttled === null) {
    return skipped('temperature', 'neither the kernel nor vcgencmd tells');
  }
  return temperatureFinding(temperatureC, throttled);
}

async function throttledFlags(): Promise<number | null> {
  const answer = await run('vcgencmd', ['get_throttled']).catch(() => null);
  const flags = /throttled=(0x[0-9a-f]+)/i.exec(answer?.stdout ?? '')?.[1];
  return flags === undefined ? null : Number(flags);
}

/** @param throttled bits of `vcgencmd get_throttled`; null: not a Raspberry Pi, or not allowed to ask */
export function temperatureFinding(temperatureC: number | null, throttled: number | null): Finding {
  const check = 'temperature';
  const degrees = temperatureC === null ? 'processor' : `processor at ${temperatureC.toFixed(0)} degC`;
  const flags = throttled ?? 0;
  const is = (bits: number): boolean => (flags & bits) !== 0;
  const supply = 'use the official supply (5 V, 3 A; 5 A for a Pi 5) and a short cable';
  const cooling = 'add a heat sink or a fan, and keep the box out of the sun';
  if (is(UNDER_VOLTAGE_NOW)) return failed(check, `${degrees}, supply voltage too low`, supply);
  if (is(SLOWED_NOW)) return warning(check, `${degrees}, slowed down by heat`, cooling);
  if (is(UNDER_VOLTAGE_BEFORE))
    return warning(check, `${degrees}, supply voltage was too low since boot`, supply);
  if (is(SLOWED_BEFORE)) return warning(check, `${degrees}, was slowed down by heat since boot`, cooling);
  if (temperatureC !== null && temperatureC >= HOT_C) return warning(check, `${degrees}, hot`, cooling);
  return ok(check, throttled === null ? degrees : `${degrees}, not slowed down`);
}
