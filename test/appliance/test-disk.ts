import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';

const HERE = import.meta.dirname;
const MODULES = '/usr/lib/fevergate/node_modules';
/** Where the guest has the disk. */
export const MOUNTED = '/run/test-disk';

export type GuestArchitecture = 'amd64' | 'arm64';
const COMPILERS = { amd64: 'gcc', arm64: 'aarch64-linux-gnu-gcc' } as const;

/**
 * A read-only disk beside the image's own, with the emulated hardware and its visitors: the image stays what it is.
 * What is on it finds its npm packages in the gate's.
 */
export async function makeTestDisk(file: string, architecture: GuestArchitecture): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'fevergate-test-disk-'));
  try {
    await build({
      entryPoints: {
        entrance: path.join(HERE, 'guest/entrance.ts'),
        'fake-rpicam-vid': path.join(HERE, '../hardware/rpicam/fake-rpicam-vid.ts'),
      },
      outdir: folder,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      packages: 'external',
      platform: 'node',
      target: 'node20',
      format: 'esm',
      logLevel: 'error',
    });
    const camera = path.join(folder, 'rpicam-vid');
    writeFileSync(camera, `#!/bin/sh\nexec /usr/bin/node ${MOUNTED}/fake-rpicam-vid.mjs "$@"\n`);
    chmodSync(camera, 0o755);
    copyFileSync(path.join(HERE, 'guest/watch.sh'), path.join(folder, 'watch.sh'));
    symlinkSync(MODULES, path.join(folder, 'node_modules'));
    const shim = path.join(HERE, '../hardware/shim/hwshim.c');
    const compiled = ['-o', path.join(folder, 'hwshim.so'), shim, '-ldl', '-lpthread'];
    execFileSync(COMPILERS[architecture], ['-shared', '-fPIC', '-O2', ...compiled]);
    mkdirSync(path.dirname(file), { recursive: true });
    rmSync(file, { force: true });
    // Its root is read by the gate's user too.
    chmodSync(folder, 0o755);
    execFileSync('mkfs.erofs', ['--quiet', file, folder], { stdio: 'pipe' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Units and drop-ins that the test adds to a running guest, by credential; nothing of them is in the image. */
export function testUnits(seed: number): Readonly<Record<string, string>> {
  return {
    'systemd.extra-unit.run-test\\x2ddisk.mount': `
[Unit]
DefaultDependencies=no
[Mount]
What=/dev/vdb
Where=${MOUNTED}
Type=erofs
Options=ro
`,
    'systemd.extra-unit.entrance.service': `
[Unit]
RequiresMountsFor=${MOUNTED} /var/lib/fevergate
After=local-fs.target
Before=fevergate.service
[Service]
Type=notify
NotifyAccess=all
User=fevergate
RuntimeDirectory=entrance
Environment=TMPDIR=/run/entrance
UMask=0022
ExecStart=/usr/bin/node ${MOUNTED}/entrance.mjs ${seed}
`,
    'systemd.unit-dropin.fevergate.service': `
[Unit]
Wants=entrance.service
After=entrance.service
[Service]
EnvironmentFile=/run/entrance/environment
ExecStart=
ExecStart=/usr/bin/fevergate run --prompts --config /etc/fevergate/fevergate.yaml
`,
    'systemd.extra-unit.watch.service': `
[Unit]
RequiresMountsFor=${MOUNTED}
After=local-fs.target
[Service]
ExecStart=/bin/sh ${MOUNTED}/watch.sh
StandardOutput=file:/dev/hvc0
StandardError=journal
`,
  };
}
