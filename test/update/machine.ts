import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Emulator, startEmulator } from '../hardware/vm/emulator.ts';
import { FIRMWARE } from './needed.ts';

const SOCKETS_FOR_STICKS = 8;

/** A stick as an operator would bring it: a file system called FEVERGATE with an update on it. */
export class Stick {
  readonly #file: string;
  readonly name: string;

  constructor(folder: string, name: string, update: string, label = 'FEVERGATE') {
    this.name = name;
    this.#file = path.join(folder, `${name}.img`);
    execFileSync('mkfs.vfat', ['-C', '-F', '32', '-n', label, this.#file, String(300 * 1024)], {
      stdio: 'ignore',
    });
    execFileSync('mcopy', ['-i', this.#file, update, '::/fevergate-update.raucb']);
  }

  get file(): string {
    return this.#file;
  }

  /** What the gate has told on the stick; nothing yet: ''. */
  get told(): string {
    try {
      return execFileSync('mcopy', ['-n', '-i', this.#file, '::/fevergate-update.txt', '-'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim();
    } catch {
      return '';
    }
  }

  get files(): string {
    return execFileSync('mdir', ['-b', '-i', this.#file, '::'], { encoding: 'utf8' });
  }
}

/** A machine that starts the image from its disk by way of UEFI and GRUB; every instruction of it is emulated. */
export interface Machine extends Emulator {
  /** The journal of all starts so far, as it came over the serial line. */
  readonly log: string;
  plug(stick: Stick): Promise<void>;
  unplug(stick: Stick): Promise<void>;
}

/** @param credentials given to systemd at each start, by name */
export async function startMachine(
  folder: string,
  disk: string,
  credentials: Readonly<Record<string, string>>,
): Promise<Machine> {
  const serial = path.join(folder, 'serial.log');
  const monitor = path.join(folder, 'monitor');
  rmSync(monitor, { force: true });
  const given = Object.entries(credentials).flatMap(([name, text]) => [
    '-smbios',
    `type=11,value=io.systemd.credential.binary:${name}=${Buffer.from(text).toString('base64')}`,
  ]);
  const sockets = Array.from({ length: SOCKETS_FOR_STICKS }, (_, n) => [
    '-device',
    `pcie-root-port,id=port${n},chassis=${n + 1}`,
  ]).flat();
  const log = (): string => (existsSync(serial) ? readFileSync(serial, 'utf8').replaceAll('\r', '') : '');
  const emulator = startEmulator(
    'qemu-system-x86_64',
    [
      ...[
        '-M',
        'q35',
        '-cpu',
        'Nehalem',
        '-accel',
        'tcg,thread=multi,tb-size=512',
        '-smp',
        '2',
        '-m',
        '1024',
      ],
      ...['-nodefaults', '-display', 'none', '-bios', FIRMWARE],
      ...['-serial', `file:${serial}`, '-monitor', `unix:${monitor},server=on,wait=off`],
      ...['-drive', `file=${disk},format=raw,if=none,id=disk`],
      ...['-device', 'virtio-blk-pci,drive=disk,bootindex=0'],
      ...['-device', 'i6300esb', '-device', 'virtio-rng-pci'],
      ...sockets,
      ...given,
    ],
    () => [log()],
  );
  let free = 0;
  const machine: Machine = {
    ...emulator,
    get log() {
      return log();
    },
    async plug(stick) {
      const port = `port${free++}`;
      await command(monitor, `drive_add 0 if=none,format=raw,file=${stick.file},id=${stick.name}`);
      await command(
        monitor,
        `device_add virtio-blk-pci,drive=${stick.name},bus=${port},id=stick-${stick.name}`,
      );
    },
    unplug: (stick) => command(monitor, `device_del stick-${stick.name}`),
  };
  await machine.until('its monitor answers', 10_000, () => existsSync(monitor));
  return machine;
}

/** Tells QEMU's monitor something, and waits until it has answered. */
async function command(monitor: string, line: string): Promise<void> {
  const socket = createConnection(monitor);
  let answer = '';
  socket.on('data', (data) => {
    answer += data.toString();
  });
  await once(socket, 'connect');
  const prompts = (): number => answer.split('(qemu)').length - 1;
  while (prompts() < 1) await sleep(20);
  socket.write(`${line}\n`);
  while (prompts() < 2) await sleep(20);
  socket.destroy();
  if (/error|could not|fail/i.test(answer)) throw new Error(`QEMU refused ${line}: ${answer}`);
}
