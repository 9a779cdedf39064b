import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { whenAvailable } from '../hardware/vm/kept.ts';
import {
  BETTER,
  BROKEN,
  buildImages,
  CRASHING,
  FIRST,
  FREEZING,
  type Images,
  SITE,
  STUCK,
} from './images.ts';
import { type Machine, Stick, startMachine } from './machine.ts';
import { needUpdateTools } from './needed.ts';

const MINUTE_MS = 60_000;
const BOOTCONFIG_AT = '@@1M';
/** For a start, with every instruction emulated, on a machine that has other things to do. */
const START_MS = 10 * MINUTE_MS;
const TRIAL_WITHIN_S = 240;
const STEADY_S = 10;
/** What is written on a stick may be there before the journal has come over the line. */
const LINE_LAG_MS = 3000;

/**
 * What the test adds to the starting machine; nothing of it is in the image. There is no sensor here, so what the gate's
 * service runs is a stand-in: if the gate's program is there, it writes into the records' folder and says that it is ready,
 * as the gate does when its sensors have delivered. All else of that service, and all of the trial, is as shipped. What
 * the gate's broker needs is not looked up: no network here. In the trial of FREEZING its PID 1 crashes, and stands still.
 */
const CREDENTIALS = {
  'systemd.extra-unit.watch.service': `
[Unit]
DefaultDependencies=no
IgnoreOnIsolate=yes
After=systemd-journald.service
StartLimitIntervalSec=0
[Service]
ExecStart=/bin/sh -c 'exec journalctl --follow --lines=300 --output=short-monotonic --no-hostname >/dev/ttyS0'
Restart=always
RestartSec=1
`,
  'systemd.unit-dropin.sysinit.target~watch': '[Unit]\nWants=watch.service\n',
  'systemd.unit-dropin.fevergate.service~stand-in': `
[Service]
NotifyAccess=all
ExecStart=
ExecStart=/bin/sh -c 'test -f /usr/lib/fevergate/dist/cli.js && cat /etc/fevergate-image-version >>starts && sync starts && echo starts: $$(cat starts) && systemd-notify --ready --no-block && exec sleep infinity'
ExecStopPost=
WatchdogSec=0
`,
  'systemd.extra-unit.freeze.service': `
[Unit]
DefaultDependencies=no
RequiresMountsFor=/persistent
ConditionKernelCommandLine=fevergate.trial
[Service]
Type=oneshot
ExecStart=/bin/sh -c '! grep -qx ${FREEZING} /persistent/fevergate/update/trial || kill -s SEGV 1'
`,
  'systemd.unit-dropin.sysinit.target~freeze': '[Unit]\nWants=freeze.service\n',
  'systemd.unit-dropin.fevergate-network.service~none': '[Service]\nExecStart=\nExecStart=/bin/true\n',
  'systemd.unit-dropin.fevergate-trial.service~sooner': `
[Service]
ExecStart=
ExecStart=/usr/lib/fevergate-image/trial ${TRIAL_WITHIN_S} ${STEADY_S}
`,
} as const;

const made = await whenAvailable(async () => needUpdateTools());

describe.skipIf(made.reason !== null)(`updates of a whole machine ${made.reason ?? ''}`, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'fevergate-update-'));
  let images: Images;
  let machine: Machine;
  beforeAll(async () => {
    images = await buildImages(folder);
    machine = await startMachine(folder, images.disk, CREDENTIALS);
  });
  afterAll(async () => {
    if (machine) await machine.cutPower();
    if (process.env['FEVERGATE_KEEP']) process.stderr.write(`${folder}\n`);
    else rmSync(folder, { recursive: true, force: true });
  });

  /** What GRUB has been told to start. */
  const bootEnvironment = (): string =>
    execFileSync('mcopy', ['-n', '-i', `${images.disk}${BOOTCONFIG_AT}`, '::/EFI/debian/grubenv', '-'], {
      encoding: 'utf8',
    });
  const started = (...versions: readonly string[]): Promise<unknown> =>
    machine.until(`the starts ${versions.join(', ')}`, START_MS, () =>
      machine.log.includes(`starts: ${versions.join(' ')}`),
    );
  /** Pulls a stick once it is let go: one that comes while the one before is still held would be taken for the same. */
  const pull = async (stick: Stick): Promise<void> => {
    await sleep(LINE_LAG_MS);
    const last = (words: string): number => machine.log.lastIndexOf(`${words} fevergate-update@`);
    await machine.until('the stick is let go', START_MS, () => last('Finished') > last('Starting'));
    await machine.unplug(stick);
  };
  const told = (stick: Stick, found: RegExp): Promise<string> =>
    machine.until(`${stick.name} tells ${found}`, START_MS, () => found.test(stick.told) && stick.told);

  test('as flashed, it starts slot A', async () => {
    await started(FIRST);
    expect(bootEnvironment()).toContain('good=A\ntrial=\n');
  });

  test('a newer update from a stick: written, tried, and called good because the gate is ready', async () => {
    const stick = new Stick(folder, 'better', images.better);
    await machine.plug(stick);
    expect(await told(stick, /is in service/)).toMatch(`Version ${BETTER} is in service: it was ready after`);
    await started(FIRST, BETTER);
    expect(bootEnvironment()).toContain('good=B\ntrial=\n');
    expect(stick.files).toContain('fevergate-update.taken.raucb');
    expect(stick.files).not.toContain('fevergate-update.raucb');
    await pull(stick);
  });

  test('what must not be taken is refused, with the reason on the stick, and the gate goes on', async () => {
    const damaged = path.join(folder, 'damaged.raucb');
    const bytes = readFileSync(images.crashing);
    // In the middle of the root's file: what verity's hashes are for.
    const place = Math.floor(bytes.length / 4);
    bytes[place] = (bytes[place] ?? 0) ^ 1;
    writeFileSync(damaged, bytes);
    const cut = path.join(folder, 'cut.raucb');
    writeFileSync(cut, readFileSync(images.crashing).subarray(0, -5000));
    const log = machine.log.length;
    const sticks = [
      ['older', images.older, /Refused: .*version/i],
      ['another', images.forAnother, /Refused: .*compatible/i],
      ['unknown', images.byAnother, /Refused: .*signature/i],
      ['damaged', damaged, /Refused: ./],
      ['cut', cut, /Refused: ./],
    ] as const;
    for (const [name, update, reason] of sticks) {
      const stick = new Stick(folder, name, update);
      await machine.plug(stick);
      expect(await told(stick, /Refused/)).toMatch(reason);
      expect(bootEnvironment()).toContain('good=B\ntrial=\n');
      await pull(stick);
    }
    expect(machine.log.slice(log)).not.toMatch(/fevergate.service: (Main process exited|Deactivated)/);
  });

  test.each([
    ['in which nothing starts', 'crashing', CRASHING, 2],
    ['that hangs before systemd has started', 'stuck', STUCK, 3],
    ['whose systemd stands still', 'freezing', FREEZING, 4],
  ] as const)(
    'an update %s: the machine is back in the one from before by itself',
    async (_, name, version, starts) => {
      const stick = new Stick(folder, name, images[name]);
      await machine.plug(stick);
      expect(await told(stick, /was not taken/)).toMatch(
        `Version ${version} was not taken: it stopped before it was ready`,
      );
      expect(stick.told).toContain(`Version ${BETTER} goes on.`);
      await started(FIRST, ...Array.from({ length: starts }, () => BETTER));
      expect(bootEnvironment()).toContain('good=B\ntrial=\n');
      await pull(stick);
    },
  );

  test('the two that hung did hang: nothing but the hardware watchdog was left to end it', () => {
    expect(machine.log).toContain('stuck here');
    expect(machine.log).toMatch(/systemd\[1\]: (Caught <SEGV>|Freezing execution)/);
  });

  test('an update whose gate never becomes ready: tried, left, and the one from before is back by itself', async () => {
    const stick = new Stick(folder, 'broken', images.broken);
    await machine.plug(stick);
    expect(await told(stick, /was not taken/)).toMatch(
      new RegExp(`Version ${BROKEN} was not taken: fevergate.service is (activating|failed)`),
    );
    expect(stick.told).toContain(`Version ${BETTER} goes on.`);
    await started(FIRST, BETTER, BETTER, BETTER, BETTER, BETTER);
    expect(bootEnvironment()).toContain('good=B\ntrial=\n');
  });

  test('the configuration and the records are those of the first start', async () => {
    await machine.cutPower();
    const persistent = path.join(folder, 'persistent.img');
    const [start, sectors] = partition(images.disk, 'persistent');
    execFileSync('dd', [
      `if=${images.disk}`,
      `of=${persistent}`,
      'bs=512',
      `skip=${start}`,
      `count=${sectors}`,
      'conv=sparse',
      'status=none',
    ]);
    // As the next start would: the journal first.
    execFileSync('sh', ['-c', 'e2fsck -p "$1" >/dev/null || [ $? -le 1 ]', 'sh', persistent]);
    const kept = (file: string): string =>
      execFileSync('debugfs', ['-R', `cat ${file}`, persistent], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
    expect(kept('/fevergate/config/fevergate.yaml')).toContain(SITE);
    const [first, ...later] = kept('/fevergate/state/starts').trim().split('\n');
    expect(first).toBe(FIRST);
    expect(later.length).toBeGreaterThanOrEqual(3);
    expect(new Set(later)).toEqual(new Set([BETTER]));
    expect(sectors).toBeGreaterThan((64 * 1024 * 1024) / 512);
  });
});

/** Start and length of a partition, in sectors. */
function partition(disk: string, name: string): readonly [number, number] {
  const { partitiontable } = JSON.parse(execFileSync('sfdisk', ['--json', disk], { encoding: 'utf8' })) as {
    partitiontable: { partitions: readonly { name: string; start: number; size: number }[] };
  };
  const found = partitiontable.partitions.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no partition ${name}`);
  return [found.start, found.size];
}
