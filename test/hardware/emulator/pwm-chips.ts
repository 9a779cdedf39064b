import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from '../../../src/ports/clock.ts';
import { KernelError } from './errno.ts';
import type { Answer } from './protocol.ts';
import type { PwmEntry, Trace } from './trace.ts';

export type EmulatedPwm = Readonly<{
  number: number;
  /** Its device below /sys/devices/platform. */
  device: string;
  channels: number;
}>;

/** The header's PWM of a Raspberry Pi 5. */
export const PI5_HEADER_PWM = 'axi/1000120000.pcie/1f00098000.pwm';

/** What a PWM output plays; the kernel keeps it when its user dies. */
export type PwmState = Readonly<{ periodNs: number; dutyNs: number; enabled: boolean }>;

const SILENT: PwmState = { periodNs: 0, dutyNs: 0, enabled: false };

/** The kernel's PWM chips as sysfs shows them, in a plain folder. */
export class PwmChips {
  readonly #clock: Clock;
  readonly #trace: Trace;
  readonly #chips: readonly EmulatedPwm[];
  /** What stands for /sys/class/pwm. */
  readonly folder: string;
  readonly #states = new Map<string, PwmState>();
  readonly #exported = new Set<string>();

  constructor(clock: Clock, trace: Trace, chips: readonly EmulatedPwm[], root: string) {
    this.#clock = clock;
    this.#trace = trace;
    this.#chips = chips;
    this.folder = path.join(root, 'class-pwm');
    mkdirSync(this.folder);
    for (const { number, device, channels } of chips) {
      const chip = path.join(root, 'devices/platform', device, 'pwm', `pwmchip${number}`);
      mkdirSync(chip, { recursive: true });
      symlinkSync(chip, path.join(this.folder, `pwmchip${number}`));
      writeFileSync(path.join(chip, 'npwm'), `${channels}\n`);
      for (const file of ['export', 'unexport']) writeFileSync(path.join(chip, file), '');
    }
  }

  /** What a channel plays now. */
  state(chip: number, channel: number): PwmState {
    return this.#states.get(`${chip}:${channel}`) ?? SILENT;
  }

  /** A write to one of the files: says whether the kernel takes it, and shows it in the file. */
  write(file: string, bytes: Uint8Array): Answer {
    const name = path.relative(this.folder, file);
    const text = Buffer.from(bytes).toString();
    const atMs = this.#clock.nowMs();
    let outcome: PwmEntry['outcome'] = 'ok';
    try {
      this.#take(name, text.trim());
      return { result: bytes.length };
    } catch (error) {
      if (error instanceof KernelError) outcome = error.code;
      throw error;
    } finally {
      this.#trace.entries.push({ kind: 'pwm', atMs, file: name, text, outcome });
    }
  }

  #take(name: string, text: string): void {
    const [, chip = '', file = ''] = /^pwmchip(\d+)\/(.+)$/.exec(name) ?? [];
    if (!/^\d+$/.test(text)) throw new KernelError('EINVAL');
    const value = Number(text);
    if (file === 'export') this.#export(Number(chip), value);
    else if (file === 'unexport') this.#unexport(Number(chip), value);
    else {
      const [, channel = '', attribute = ''] = /^pwm(\d+)\/(\w+)$/.exec(file) ?? [];
      this.#apply(Number(chip), Number(channel), attribute, value);
    }
  }

  #export(number: number, channel: number): void {
    const channels = this.#chips.find((chip) => chip.number === number)?.channels ?? 0;
    if (channel >= channels) throw new KernelError('ENODEV');
    const key = `${number}:${channel}`;
    if (this.#exported.has(key)) throw new KernelError('EBUSY');
    this.#exported.add(key);
    mkdirSync(this.#channelFolder(number, channel));
    this.#show(number, channel);
  }

  #unexport(number: number, channel: number): void {
    if (!this.#exported.delete(`${number}:${channel}`)) throw new KernelError('ENODEV');
    rmSync(this.#channelFolder(number, channel), { recursive: true });
  }

  /** The kernel refuses a state without a period, even one that is off, and a pulse longer than its period. */
  #apply(number: number, channel: number, attribute: string, value: number): void {
    const now = this.state(number, channel);
    const next = changed(now, attribute, value);
    if (next.periodNs === 0 || next.dutyNs > next.periodNs) throw new KernelError('EINVAL');
    this.#states.set(`${number}:${channel}`, next);
    this.#show(number, channel);
  }

  #show(number: number, channel: number): void {
    const { periodNs, dutyNs, enabled } = this.state(number, channel);
    const contents = {
      period: periodNs,
      duty_cycle: dutyNs,
      enable: enabled ? 1 : 0,
      polarity: 'normal',
    };
    for (const [file, content] of Object.entries(contents))
      writeFileSync(path.join(this.#channelFolder(number, channel), file), `${content}\n`);
  }

  #channelFolder(number: number, channel: number): string {
    return path.join(this.folder, `pwmchip${number}`, `pwm${channel}`);
  }
}

function changed(state: PwmState, attribute: string, value: number): PwmState {
  switch (attribute) {
    case 'period':
      return { ...state, periodNs: value };
    case 'duty_cycle':
      return { ...state, dutyNs: value };
    case 'enable':
      if (value > 1) throw new KernelError('EINVAL');
      return { ...state, enabled: value === 1 };
    default:
      throw new KernelError('EPERM');
  }
}
