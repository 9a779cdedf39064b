import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type GuestArchitecture, testUnits } from './test-disk.ts';

const MACHINES = {
  amd64: ['qemu-system-x86_64', '-M', 'q35', '-accel', 'tcg,thread=multi', '-cpu', 'max'],
  arm64: ['qemu-system-aarch64', '-M', 'virt', '-accel', 'tcg,thread=multi', '-cpu', 'cortex-a72'],
} as const;
const CONSOLE = { amd64: 'ttyS0', arm64: 'ttyAMA0' } as const;
const LOOK_MS = 200;

export type MachineOptions = Readonly<{
  architecture: GuestArchitecture;
  /** Folder that the image's builder has left: disk.img, vmlinuz, initrd. */
  image: string;
  testDisk: string;
  /** For logs and units; one for each start. */
  folder: string;
  seed: number;
}>;

/** The image, started in QEMU. */
export interface ApplianceMachine {
  /** What the guest has told under a name, newest last. */
  told(key: string): readonly string[];
  /** Waits until the guest has told something that fits. */
  until(key: string, fits: (value: string) => boolean, withinMs: number): Promise<string>;
  /** As a pulled plug. */
  cutPower(): Promise<void>;
  /** What the kernel and systemd wrote on the serial line. */
  serial(): string;
}

/** Starts the image's disk, on which the guest writes. */
export function startMachine(options: MachineOptions): ApplianceMachine {
  const { architecture, image, folder } = options;
  mkdirSync(folder, { recursive: true });
  const watched = path.join(folder, 'watch.log');
  const serial = path.join(folder, 'serial.log');
  const credentials = Object.entries(testUnits(options.seed)).flatMap(([name, text], index) => {
    const file = path.join(folder, `unit-${index}`);
    writeFileSync(file, text);
    return ['-fw_cfg', `name=opt/io.systemd.credentials/${name},file=${file}`];
  });
  const [program, ...machine] = MACHINES[architecture];
  const wants = ['entrance.service', 'watch.service'].map((unit) => `systemd.wants=${unit}`);
  const child: ChildProcess = spawn(
    program,
    [
      ...machine,
      ...['-smp', '2', '-m', '1024', '-display', 'none', '-monitor', 'none', '-no-reboot', '-nodefaults'],
      ...['-kernel', path.join(image, 'vmlinuz'), '-initrd', path.join(image, 'initrd')],
      ...['-append', ['panic=-1', `console=${CONSOLE[architecture]}`, ...wants].join(' ')],
      ...['-serial', `file:${serial}`],
      ...['-device', 'virtio-serial-pci', '-chardev', `file,id=watch,path=${watched}`],
      ...['-device', 'virtconsole,chardev=watch'],
      ...['-drive', `file=${path.join(image, 'disk.img')},format=raw,if=none,id=disk`],
      ...['-device', 'virtio-blk-pci,drive=disk'],
      ...['-drive', `file=${options.testDisk},format=raw,if=none,id=test,readonly=on`],
      ...['-device', 'virtio-blk-pci,drive=test'],
      ...['-netdev', 'user,id=net', '-device', 'virtio-net-pci,netdev=net,romfile='],
      ...['-device', 'virtio-rng-pci'],
      ...credentials,
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const ended = once(child, 'exit');
  const told = (key: string): readonly string[] =>
    read(watched)
      .split(/\r?\n/)
      .filter((line) => line.startsWith(`${key} `))
      .map((line) => line.slice(key.length + 1));
  return {
    told,
    serial: () => read(serial),
    async until(key, fits, withinMs) {
      const deadline = performance.now() + withinMs;
      for (;;) {
        const found = told(key).find(fits);
        if (found !== undefined) return found;
        if (child.exitCode !== null || performance.now() > deadline) {
          const last = `${read(watched).slice(-2000)}\n${read(serial).slice(-3000)}`;
          throw new Error(`${child.exitCode === null ? 'waited in vain' : 'ended'} before ${key}\n${last}`);
        }
        await sleep(LOOK_MS);
      }
    },
    async cutPower() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await ended;
    },
  };
}

function read(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
