import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const SCRIPT = path.join(
  import.meta.dirname,
  '../../../image-build/overlay/usr/lib/fevergate-image/boot-slot',
);
const SECTOR = 512;
const SLOTS = ['A', 'B'] as const;
type Slot = (typeof SLOTS)[number];

/** A machine's boot loader: what lies on its boot partition, and what it tells the system that it starts. */
interface Loader {
  readonly file: string;
  /** @param asked the machine was started anew by `boot-slot restart` */
  start(asked: boolean): void;
}

let folder: string;
let boot: string;
let proc: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'fevergate-slot-'));
  boot = path.join(folder, 'boot');
  proc = path.join(folder, 'proc');
  mkdirSync(path.join(boot, 'EFI/debian'), { recursive: true });
  mkdirSync(proc);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const say = (...args: readonly string[]): { status: number | null; said: string } => {
  const { status, stdout, stderr } = spawnSync('sh', [SCRIPT, ...args], {
    encoding: 'utf8',
    env: { ...process.env, FEVERGATE_BOOT: boot, FEVERGATE_PROC: proc, FEVERGATE_REBOOT: 'echo reboot' },
  });
  return { status, said: `${stdout}${stderr}`.trim() };
};
const ask = (...args: readonly string[]): string => {
  const { status, said } = say(...args);
  expect({ args, status, said }).toMatchObject({ status: 0 });
  return said;
};

/** GRUB, as `image-build/qemu/grub.cfg` tells it to do. */
function grub(): Loader {
  const file = path.join(boot, 'EFI/debian/grubenv');
  const keep = (good: string, trial: string): void =>
    writeFileSync(file, `# GRUB Environment Block\ngood=${good}\ntrial=${trial}\n`.padEnd(1024, '#'));
  keep('A', '');
  return {
    file,
    start() {
      const text = readFileSync(file, 'utf8');
      const good = /^good=([AB])$/m.exec(text)?.[1] ?? '';
      const trial = /^trial=([AB])$/m.exec(text)?.[1];
      if (trial !== undefined) keep(good, '');
      const mark = trial === undefined ? '' : ' fevergate.trial';
      writeFileSync(path.join(proc, 'cmdline'), `root=PARTLABEL=x rauc.slot=${trial ?? good}${mark} quiet\n`);
    },
  };
}

/** A Raspberry Pi's firmware, with the autoboot.txt that rpi-image-gen's image-rota leaves. */
function pi(): Loader {
  const file = path.join(boot, 'autoboot.txt');
  writeFileSync(file, '[all]\ntryboot_a_b=1\nboot_partition=2\n[tryboot]\nboot_partition=3\n');
  const told = path.join(proc, 'device-tree/chosen/bootloader');
  mkdirSync(told, { recursive: true });
  return {
    file,
    start(asked) {
      const [all, tryboot] = [...readFileSync(file, 'utf8').matchAll(/boot_partition=(\d)/g)].map(
        ([, partition]) => Number(partition),
      );
      const number = (name: string, value: number): void =>
        writeFileSync(path.join(told, name), Buffer.from([0, 0, 0, value]));
      number('tryboot', asked ? 1 : 0);
      number('partition', (asked ? tryboot : all) ?? 0);
    },
  };
}

describe.each([
  ['GRUB', grub],
  ['a Raspberry Pi', pi],
] as const)('over %s', (name, make) => {
  let loader: Loader;
  beforeEach(() => {
    loader = make();
    loader.start(false);
    // What turned-back does at a start without a trial.
    ask('set-primary', 'A');
  });
  const restart = (): void => loader.start(ask('restart').includes('0 tryboot'));

  test('a new machine starts slot A, and tries nothing', () => {
    expect(ask('get-current')).toBe('A');
    expect(ask('get-primary')).toBe('A');
    expect(ask('get-state', 'A')).toBe('good');
    expect(ask('get-state', 'B')).toBe('bad');
    expect(say('on-trial').status).toBe(1);
  });

  test('an installed slot is tried, and called good it stays', () => {
    ask('set-state', 'B', 'bad');
    ask('set-primary', 'B');
    expect(ask('get-primary')).toBe('B');
    restart();
    expect(ask('get-current')).toBe('B');
    expect(ask('on-trial')).toBe('');
    expect(ask('get-primary')).toBe('A');
    ask('set-state', 'B', 'good');
    expect(say('on-trial').status).toBe(1);
    for (const asked of [true, false]) {
      loader.start(asked);
      expect(ask('get-current')).toBe('B');
      expect(say('on-trial').status).toBe(1);
    }
  });

  test('one that is left in any other way is not started again', () => {
    ask('set-primary', 'B');
    restart();
    loader.start(false);
    expect(ask('get-current')).toBe('A');
    expect(say('on-trial').status).toBe(1);
    expect(ask('get-primary')).toBe(name === 'GRUB' ? 'A' : 'B');
    ask('set-primary', 'A');
    expect(ask('get-primary')).toBe('A');
    restart();
    expect(ask('get-current')).toBe('A');
  });

  test('while a slot is under trial, the one known to be good cannot be written over', () => {
    ask('set-primary', 'B');
    restart();
    expect(say('set-state', 'A', 'bad')).toMatchObject({
      status: 1,
      said: expect.stringContaining('only one'),
    });
    expect(say('set-state', 'A', 'good').status).toBe(1);
    loader.start(false);
    expect(ask('get-current')).toBe('A');
  });

  test('a slot about to be written over is not tried', () => {
    ask('set-primary', 'B');
    ask('set-state', 'B', 'bad');
    expect(ask('get-primary')).toBe('A');
    restart();
    expect(ask('get-current')).toBe('A');
  });

  test('whatever was asked for, a start finds a good slot, and all that is kept fits in one sector', () => {
    const step = fc.oneof(
      fc.record({
        ask: fc.constant('set-primary'),
        slot: fc.constantFrom(...SLOTS),
        state: fc.constant(null),
      }),
      fc.record({
        ask: fc.constant('set-state'),
        slot: fc.constantFrom(...SLOTS),
        state: fc.constantFrom('good', 'bad'),
      }),
      fc.record({
        ask: fc.constantFrom('restart', 'power'),
        slot: fc.constant(null),
        state: fc.constant(null),
      }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        let good: Slot = 'A';
        writeFileSync(loader.file, '');
        rmSync(loader.file);
        loader = make();
        loader.start(false);
        for (const { ask: what, slot, state } of steps) {
          if (what === 'restart') restart();
          else if (what === 'power') loader.start(false);
          else {
            const running = say('get-current').said;
            const { status } = say(what, ...[slot, state].filter((word) => word !== null));
            if (state === 'good' && slot !== null && status === 0) {
              expect(slot).toBe(running);
              good = slot;
            }
          }
          const kept = readFileSync(loader.file, 'utf8');
          expect(kept.replace(/#+$/, '').length).toBeLessThan(SECTOR);
          expect(statSync(loader.file).size).toBe(name === 'GRUB' ? 1024 : kept.length);
        }
        loader.start(false);
        if (say('on-trial').status === 0) loader.start(false);
        expect(ask('get-current')).toBe(good);
      }),
      { numRuns: 15 },
    );
  });
});

test('without a boot partition it says so, and what the start told counts', () => {
  writeFileSync(path.join(proc, 'cmdline'), 'rauc.slot=B fevergate.trial\n');
  expect(say('set-primary', 'A')).toMatchObject({ status: 1, said: expect.stringContaining('grubenv') });
  expect(say('get-primary').status).toBe(1);
  expect(say('on-trial').status).toBe(0);
});
