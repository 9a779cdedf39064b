import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { TEST_DISK } from './guest-units.ts';

const HERE = import.meta.dirname;
const COMPILER = 'aarch64-linux-gnu-gcc';
/** As they are listed below /dev; the emulator has the devices themselves. */
const DEVICES = ['i2c-1', 'gpiochip4'];

/**
 * A read-only disk beside the image's own, with what the guest needs to see the emulated hardware and to tell how it is:
 * the image stays what it is.
 */
export async function makeTestDisk(file: string): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'fevergate-test-disk-'));
  try {
    const programs = path.join(folder, 'bin');
    await build({
      entryPoints: { 'fake-rpicam-vid': path.join(HERE, '../hardware/rpicam/fake-rpicam-vid.ts') },
      outdir: programs,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'esm',
      logLevel: 'error',
    });
    const camera = path.join(programs, 'rpicam-vid');
    writeFileSync(camera, `#!/bin/sh\nexec /usr/bin/node ${TEST_DISK}/bin/fake-rpicam-vid.mjs "$@"\n`);
    chmodSync(camera, 0o755);
    copyFileSync(path.join(HERE, 'guest/watch.sh'), path.join(folder, 'watch.sh'));
    mkdirSync(path.join(folder, 'dev'));
    for (const name of DEVICES) writeFileSync(path.join(folder, 'dev', name), '');
    const shim = path.join(HERE, '../hardware/shim/hwshim.c');
    const library = ['-shared', '-fPIC', '-o', path.join(folder, 'hwshim.so'), shim, '-ldl', '-lpthread'];
    execFileSync(COMPILER, ['-O2', ...library]);
    const ticker = ['-static', '-o', path.join(programs, 'tick'), path.join(HERE, 'guest/tick.c')];
    execFileSync(COMPILER, ['-O2', ...ticker]);
    // Its root is read by the gate's user too.
    chmodSync(folder, 0o755);
    rmSync(file, { force: true });
    execFileSync('mkfs.erofs', ['--quiet', file, folder], { stdio: 'pipe' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
