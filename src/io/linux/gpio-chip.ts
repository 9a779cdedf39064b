import { closeSync, openSync } from 'node:fs';
import type { OutputLine } from '../../ports/output-line.ts';
import { DeviceError, openingError, systemCodeOf } from './device-error.ts';
import { ioctl } from './libc.ts';

/** GPIO chips of the Raspberry Pi's header, by label: Pi 5, Pi 4, earlier. Their numbers change with the kernel. */
const HEADER_CHIP_LABELS = ['pinctrl-rp1', 'pinctrl-bcm2711', 'pinctrl-bcm2835'] as const;

export type GpioChip = Readonly<{ path: string; name: string; label: string; lines: number }>;

/** How an output is driven. */
export type OutputDrive = 'push-pull' | 'open-drain' | 'open-source';

export type OutputOptions = Readonly<{
  /** Number on the chip: the BCM number on a Raspberry Pi. */
  pin: number;
  /** True: on is electrically low. */
  activeLow?: boolean;
  drive?: OutputDrive;
  /** Logical level from the moment the line is taken; off by default. */
  initially?: boolean;
  /** Who holds the line, as `gpioinfo` shows it; up to 31 bytes. */
  consumer: string;
}>;

/** A line taken from the kernel. */
export interface GpioOutput extends OutputLine {
  /** Gives the line back. A Raspberry Pi's kernel leaves its level as it is. */
  close(): void;
}

/** Layout of the GPIO character device's structures, uAPI v2 (linux/gpio.h). */
const CHIP_INFO = { request: 0x8044b401, bytes: 68, label: 32, lines: 64 } as const;
const LINE_REQUEST = {
  request: 0xc250b407,
  bytes: 592,
  consumer: 256,
  flags: 288,
  attributes: 296,
  attributeId: 320,
  attributeValue: 328,
  attributeMask: 336,
  lines: 560,
  fd: 588,
} as const;
const SET_VALUES = 0xc010b40f;
const VALUES_BYTES = 16;
const OUTPUT_VALUES = 2;
const FLAG = { activeLow: 2n, output: 8n, openDrain: 64n, openSource: 128n } as const;
const NAME_BYTES = 32;

/** Kernels number chips from 0, with gaps (a Raspberry Pi 5 has 0, 4 and 10 to 13). */
const HIGHEST_CHIP_NUMBER = 31;

/** The GPIO chips that can be opened. */
export function gpioChips(): readonly GpioChip[] {
  const numbers = Array.from({ length: HIGHEST_CHIP_NUMBER + 1 }, (_, number) => number);
  return numbers.flatMap((number) => chipAt(`/dev/gpiochip${number}`) ?? []);
}

/** A chip's own description; null when it can not be opened. */
function chipAt(path: string): GpioChip | null {
  try {
    return readChip(path);
  } catch (error) {
    if (systemCodeOf(error) === null) throw error;
    return null;
  }
}

/** @throws SystemCallError, or the error of opening the file */
function readChip(path: string): GpioChip {
  const info = Buffer.alloc(CHIP_INFO.bytes);
  withFile(path, (fd) => ioctl(fd, CHIP_INFO.request, info, 'ioctl(GPIO_GET_CHIPINFO)'));
  return {
    path,
    name: textAt(info, 0),
    label: textAt(info, CHIP_INFO.label),
    lines: info.readUInt32LE(CHIP_INFO.lines),
  };
}

/**
 * The chip behind the header's pins.
 * @param wanted a label, or `auto` for the Raspberry Pi's own
 * @throws DeviceError `device-missing`, with the labels there are
 */
export function findGpioChip(wanted: string, chips: readonly GpioChip[]): GpioChip {
  const labels = wanted === 'auto' ? HEADER_CHIP_LABELS : [wanted];
  for (const label of labels) {
    const found = chips.find((chip) => chip.label === label);
    if (found !== undefined) return found;
  }
  const there = chips.map(({ label }) => label).join(', ') || 'none that this user may open (group gpio)';
  throw new DeviceError(
    'device-missing',
    `no GPIO chip labelled ${labels.join(' or ')}; there is ${there}; set lines.chip to one of them`,
  );
}

/**
 * Takes a line as an output.
 * @throws DeviceError `line-busy` when another program holds it, `device-unfit` when the chip has no such line
 */
export function openGpioOutput(chip: GpioChip, options: OutputOptions): GpioOutput {
  const request = lineRequest(options);
  try {
    withFile(chip.path, (fd) => ioctl(fd, LINE_REQUEST.request, request, 'ioctl(GPIO_V2_GET_LINE)'));
  } catch (error) {
    throw lineError(error, chip, options.pin);
  }
  const fd = request.readInt32LE(LINE_REQUEST.fd);
  const values = Buffer.alloc(VALUES_BYTES);
  values.writeBigUInt64LE(1n, 8);
  return {
    set(on) {
      values.writeBigUInt64LE(on ? 1n : 0n, 0);
      ioctl(fd, SET_VALUES, values, 'ioctl(GPIO_V2_LINE_SET_VALUES)');
    },
    close: () => closeSync(fd),
  };
}

function lineRequest({ pin, activeLow, drive, initially, consumer }: OutputOptions): Buffer {
  const request = Buffer.alloc(LINE_REQUEST.bytes);
  request.writeUInt32LE(pin, 0);
  request.write(consumer, LINE_REQUEST.consumer, NAME_BYTES - 1, 'utf8');
  const driveFlag = drive === 'open-drain' ? FLAG.openDrain : drive === 'open-source' ? FLAG.openSource : 0n;
  request.writeBigUInt64LE(FLAG.output | driveFlag | (activeLow ? FLAG.activeLow : 0n), LINE_REQUEST.flags);
  request.writeUInt32LE(1, LINE_REQUEST.attributes);
  request.writeUInt32LE(OUTPUT_VALUES, LINE_REQUEST.attributeId);
  request.writeBigUInt64LE(initially ? 1n : 0n, LINE_REQUEST.attributeValue);
  request.writeBigUInt64LE(1n, LINE_REQUEST.attributeMask);
  request.writeUInt32LE(1, LINE_REQUEST.lines);
  return request;
}

/** Why a line can not be taken, told so that it can be mended. */
export function lineError(error: unknown, chip: GpioChip, pin: number): unknown {
  const line = `GPIO${pin} of ${chip.label}`;
  switch (systemCodeOf(error)) {
    case 'EBUSY':
      return new DeviceError(
        'line-busy',
        `${line} is in use by another program or overlay; gpioinfo shows by whom`,
        { cause: error },
      );
    case 'EINVAL':
      return new DeviceError('device-unfit', `${line}: there is no such line (it has ${chip.lines})`, {
        cause: error,
      });
    default:
      return openingError(error, chip.path, 'gpio', 'GPIO is switched off in this kernel');
  }
}

function withFile<T>(path: string, use: (fd: number) => T): T {
  const fd = openSync(path, 'r+');
  try {
    return use(fd);
  } finally {
    closeSync(fd);
  }
}

function textAt(bytes: Buffer, from: number): string {
  const text = bytes.toString('utf8', from, from + NAME_BYTES);
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}
