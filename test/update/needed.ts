import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Unavailable } from '../hardware/vm/kept.ts';

/** Program, and the Debian package it is in. */
const PROGRAMS = {
  rauc: 'rauc',
  mksquashfs: 'squashfs-tools',
  mmdebstrap: 'mmdebstrap',
  openssl: 'openssl',
  cpio: 'cpio',
  'mkfs.erofs': 'erofs-utils',
  'mkfs.vfat': 'dosfstools',
  mcopy: 'mtools',
  sfdisk: 'fdisk',
  'qemu-system-x86_64': 'qemu-system-x86',
} as const;
/** Firmware that starts a disk as a machine with UEFI does. */
export const FIRMWARE = '/usr/share/ovmf/OVMF.fd';

/** @throws Unavailable with the packages to install */
export function needUpdateTools(): void {
  if (process.getuid?.() !== 0) throw new Unavailable('images are built as root only');
  const missing: string[] = Object.entries(PROGRAMS)
    .filter(([program]) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0)
    .map(([, name]) => name);
  if (!existsSync(FIRMWARE)) missing.push('ovmf');
  if (missing.length > 0) throw new Unavailable(`apt-get install ${missing.join(' ')}`);
}
