import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.join(import.meta.dirname, '../..');

/** Who signs updates, and what tells a machine to believe it. */
export type Signer = Readonly<{ ca: string; cert: string; key: string }>;

/** @param days for how long the signer is in force; below 0 it has ended */
export function makeSigner(folder: string, days = 10): Signer {
  execFileSync('sh', [path.join(ROOT, 'image-build/update/make-signer.sh'), folder], {
    env: { ...process.env, SIGNER_DAYS: String(days) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [ca = '', cert = '', key = ''] = ['ca.pem', 'signer.pem', 'signer.key'].map((name) =>
    path.join(folder, name),
  );
  return { ca, cert, key };
}

/** Lays what an image's builder leaves in a folder, with a system in which there is nothing to start. */
export function layNoSystem(folder: string, says: Readonly<{ compatible: string; version: string }>): void {
  const files = path.join(folder, 'files');
  mkdirSync(files, { recursive: true });
  writeFileSync(path.join(files, 'nothing'), randomBytes(200_000));
  execFileSync('mkfs.erofs', [path.join(folder, 'system.img'), files], { stdio: 'ignore' });
  writeFileSync(path.join(folder, 'update.txt'), `compatible=${says.compatible}\nversion=${says.version}\n`);
}

/** Replaces that system by one whose first program never ends and starts nothing. @param busybox without libraries */
export function layStuckSystem(folder: string, busybox: string): void {
  const files = path.join(folder, 'files');
  for (const name of ['bin', 'sbin', 'dev', 'proc', 'sys']) mkdirSync(path.join(files, name));
  cpSync(busybox, path.join(files, 'bin/busybox'));
  writeFileSync(
    path.join(files, 'sbin/init'),
    '#!/bin/busybox sh\necho stuck here >/dev/console\nwhile :; do /bin/busybox sleep 1; done\n',
    { mode: 0o755 },
  );
  execFileSync('mkfs.erofs', [path.join(folder, 'system.img'), files], { stdio: 'ignore' });
}

/** Runs `package:update`. @returns what it prints */
export function signUpdate(from: string, by: Signer, out: string, arch = 'amd64'): string {
  const args = ['tsx', 'image-build/update/build-bundle.ts', '--arch', arch, '--from', from, '--out', out];
  return execFileSync('npx', [...args, '--key', by.key, '--cert', by.cert], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
