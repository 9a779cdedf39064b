import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Emulator, startEmulator } from '../hardware/vm/emulator.ts';

/** As little memory as the smallest Pi that is thought of has, MiB. */
const MEMORY_MIB = 512;
/**
 * A machine whose time is what it does: one 64-bit Arm core that executes 10^9 instructions in a second of its own time,
 * however slow or busy the machine is that emulates it. While it has nothing to do its time passes as here.
 */
const MACHINE = [
  ...['-M', 'virt', '-cpu', 'cortex-a72', '-smp', '1', '-m', String(MEMORY_MIB)],
  ...['-accel', 'tcg,thread=single,tb-size=512', '-icount', 'shift=0,sleep=on'],
  ...['-display', 'none', '-monitor', 'none', '-no-reboot', '-nodefaults'],
] as const;
/** Longer names do not fit into QEMU's firmware configuration; those go by the kernel's command line, which is short. */
const LONGEST_FIRMWARE_NAME = 28;

export type MachineOptions = Readonly<{
  /** Kernel and initrd. */
  kernel: string;
  initrd: string;
  /** The guest writes on it. */
  disk: string;
  testDisk: string;
  /** Unix socket that is told the guest's time. */
  ticks: string;
  /** TCP port of this machine that leads to the guest's port 22. */
  sshPort: number;
  /** Given to systemd at its start, by name. */
  credentials: Readonly<Record<string, string>>;
  /** For logs; one for each start. */
  folder: string;
}>;

/** The image, started in QEMU. */
export interface Machine {
  /** What the guest has told under a name, in order. */
  told(key: string): readonly string[];
  /** Waits until the guest has told something under a name. @throws Error with the guest's last words */
  until(key: string, withinMs: number): Promise<string>;
  /** Waits until `found` gives something. @throws Error with the guest's last words */
  untilFound: Emulator['until'];
  /** As a pulled plug. */
  cutPower(): Promise<void>;
}

/** Starts a machine. */
export function startMachine(options: MachineOptions): Machine {
  mkdirSync(options.folder, { recursive: true });
  const watched = path.join(options.folder, 'watch.log');
  const serial = path.join(options.folder, 'serial.log');
  const emulator = startEmulator(
    'qemu-system-aarch64',
    [
      ...MACHINE,
      ...['-kernel', options.kernel, '-initrd', options.initrd],
      ...credentialArguments(options),
      ...['-serial', `file:${serial}`],
      ...['-device', 'virtio-serial-pci'],
      ...['-chardev', `file,id=watch,path=${watched}`, '-device', 'virtconsole,chardev=watch'],
      ...['-chardev', `socket,id=tick,path=${options.ticks}`],
      ...['-device', 'virtserialport,chardev=tick,name=tick'],
      ...[
        '-drive',
        `file=${options.disk},format=raw,if=none,id=disk`,
        '-device',
        'virtio-blk-pci,drive=disk',
      ],
      ...['-drive', `file=${options.testDisk},format=raw,if=none,id=test,readonly=on`],
      ...['-device', 'virtio-blk-pci,drive=test,serial=test'],
      ...['-netdev', `user,id=net,hostfwd=tcp:127.0.0.1:${options.sshPort}-:22`],
      ...['-device', 'virtio-net-pci,netdev=net,romfile='],
      ...['-device', 'virtio-rng-pci'],
    ],
    () => [watched, serial].map(read),
  );
  const told = (key: string): readonly string[] =>
    read(watched)
      .split(/\r?\n/)
      .filter((line) => line.startsWith(`${key} `))
      .map((line) => line.slice(key.length + 1));
  return {
    told,
    until: (key, withinMs) => emulator.until(key, withinMs, () => told(key).at(-1)),
    untilFound: emulator.until,
    cutPower: emulator.cutPower,
  };
}

function credentialArguments({ credentials, folder }: MachineOptions): readonly string[] {
  const words = ['root=PARTLABEL=system_a', 'rauc.slot=A', 'panic=-1', 'console=ttyAMA0', 'quiet'];
  const firmware = Object.entries(credentials).flatMap(([name, text], index) => {
    if (name.length > LONGEST_FIRMWARE_NAME) {
      words.push(`systemd.set_credential_binary=${name}:${Buffer.from(text).toString('base64')}`);
      return [];
    }
    const file = path.join(folder, `credential-${index}`);
    writeFileSync(file, text);
    return ['-fw_cfg', `name=opt/io.systemd.credentials/${name},file=${file}`];
  });
  return [...firmware, '-append', words.join(' ')];
}

function read(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
