import { existsSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ToneLine } from '../../ports/output-line.ts';
import { DeviceError, openingError, systemCodeOf } from './device-error.ts';

/** A tone from a hardware PWM channel. */
export interface PwmTone extends ToneLine {
  close(): void;
}

export type PwmToneOptions = Readonly<{
  /** Number of the PWM chip, or `auto` for the Raspberry Pi's own. */
  chip: number | 'auto';
  channel: number;
  /** Folder of the PWM chips. */
  folder?: string;
}>;

const SYSFS_PWM = '/sys/class/pwm';
/** The header's PWM, by the address in its device's path: RP1 on a Pi 5 (beside it is the fan's), BCM chips before. */
const HEADER_PWM = /\/(1f00098000|fe20c000|3f20c000|2020c000)\.pwm\//;
const NS_PER_S = 1e9;
const FIRST_PERIOD_NS = 1_000_000;
const PERMISSION_TRIES = 20;
const PERMISSION_WAIT_MS = 50;
const REMEDY = 'add dtoverlay=pwm,pin=18,func=2 to /boot/firmware/config.txt, then reboot';

/**
 * Takes a PWM channel through sysfs, silent from the start.
 * @throws DeviceError
 */
export async function openPwmTone({ chip, channel, folder = SYSFS_PWM }: PwmToneOptions): Promise<PwmTone> {
  const chipFolder = path.join(folder, `pwmchip${chip === 'auto' ? headerChip(folder) : chip}`);
  const channelFolder = path.join(chipFolder, `pwm${channel}`);
  const tell = (error: unknown): never => {
    if (systemCodeOf(error) === 'EINVAL' || systemCodeOf(error) === 'ENODEV') {
      throw new DeviceError(
        'device-unfit',
        `${chipFolder} has no channel ${channel}: set lines.buzzer.pwmChannel`,
        {
          cause: error,
        },
      );
    }
    throw openingError(error, channelFolder, 'gpio', REMEDY);
  };
  const set = (file: string, value: number): void =>
    writeFileSync(path.join(channelFolder, file), String(value));
  try {
    if (!existsSync(channelFolder)) writeFileSync(path.join(chipFolder, 'export'), String(channel));
    await untilWritable(() => switchOff(set));
  } catch (error) {
    tell(error);
  }
  return {
    tone(frequencyHz) {
      set('enable', 0);
      if (frequencyHz <= 0) return;
      const periodNs = Math.round(NS_PER_S / frequencyHz);
      // The kernel refuses a period shorter than the pulse it already has.
      set('duty_cycle', 0);
      set('period', periodNs);
      set('duty_cycle', Math.round(periodNs / 2));
      set('enable', 1);
    },
    close() {
      set('enable', 0);
      writeFileSync(path.join(chipFolder, 'unexport'), String(channel));
    },
  };
}

/** A channel that never had a period refuses everything else, being switched off too, and is given one. */
function switchOff(set: (file: string, value: number) => void): void {
  try {
    set('enable', 0);
  } catch (error) {
    if (systemCodeOf(error) !== 'EINVAL') throw error;
    set('period', FIRST_PERIOD_NS);
    set('enable', 0);
  }
}

/** udev gives a new channel's files to the group gpio a moment after it appears. */
async function untilWritable(attempt: () => void): Promise<void> {
  for (let left = PERMISSION_TRIES; ; left--) {
    try {
      attempt();
      return;
    } catch (error) {
      const code = systemCodeOf(error);
      if (left === 0 || (code !== 'EACCES' && code !== 'ENOENT')) throw error;
      await sleep(PERMISSION_WAIT_MS);
    }
  }
}

function headerChip(folder: string): number {
  const chips = pwmChips(folder);
  const known = chips.find(({ device }) => HEADER_PWM.test(device));
  const [only] = chips;
  const chip = known ?? (chips.length === 1 ? only : undefined);
  if (chip !== undefined) return chip.number;
  if (chips.length === 0) {
    throw new DeviceError('device-missing', `${folder} has no PWM chip: ${REMEDY}`);
  }
  throw new DeviceError(
    'device-missing',
    `which PWM chip drives the buzzer? There are ${chips.map(({ number }) => number).join(', ')}: set lines.buzzer.pwmChip`,
  );
}

function pwmChips(folder: string): readonly Readonly<{ number: number; device: string }>[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    const number = /^pwmchip(\d+)$/.exec(name)?.[1];
    return number === undefined
      ? []
      : [{ number: Number(number), device: realpathSync(path.join(folder, name)) }];
  });
}
