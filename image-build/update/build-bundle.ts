/**
 * Signs an image as an update: `npm run package:update -- --arch amd64 --key signer.key --cert signer.pem`. Needs Debian's
 * `rauc` and `squashfs-tools`, and what `image-build/qemu/build-image.sh` or rpi-image-gen has left.
 */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

const USAGE = `Signs an image as an update that gates with the image's CA take.

  npm run package:update -- --arch amd64|arm64 --key FILE --cert FILE [--from DIR] [--out FILE]

  --arch   architecture of the image; one of another architecture is not signed
  --key    private key of the signer (PEM)
  --cert   certificate of the signer (PEM)
  --from   folder with system.img, boot.img and update.txt (default: build/image)
  --out    the update (default: build/fevergate_VERSION_FLAVOUR-ARCH.raucb)`;

/** The user can mend it. */
class Refused extends Error {}

/** What an image says of itself in `update.txt`. */
type ImageSays = Readonly<{ compatible: string; version: string }>;

try {
  main();
} catch (error) {
  if (!(error instanceof Refused)) throw error;
  process.stderr.write(`package:update: ${error.message}\n`);
  process.exitCode = 1;
}

function main(): void {
  const { values } = parseArgs({
    options: {
      arch: { type: 'string' },
      key: { type: 'string' },
      cert: { type: 'string' },
      from: { type: 'string', default: 'build/image' },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const { arch, key, cert, from } = values;
  if (arch === undefined || key === undefined || cert === undefined) {
    throw new Refused(`--arch, --key and --cert have to be given\n\n${USAGE}`);
  }
  needPrograms();
  for (const file of [
    key,
    cert,
    ...['system.img', 'boot.img', 'update.txt'].map((name) => path.join(from, name)),
  ]) {
    if (!existsSync(file)) throw new Refused(`${file} is not there`);
  }
  const image = saysOf(path.join(from, 'update.txt'));
  if (!image.compatible.endsWith(`-${arch}`)) {
    throw new Refused(`${from} holds an image for ${image.compatible}, not for ${arch}`);
  }
  const name = `fevergate_${image.version}_${image.compatible.replace('fevergate-', '')}.raucb`;
  const out = path.resolve(values.out ?? path.join('build', name));
  sign(from, image, { key, cert }, out);
  const bytes = readFileSync(out).length;
  process.stdout.write(
    `${path.relative(process.cwd(), out)}: ${(bytes / 1e6).toFixed(0)} MB, version ${image.version} for ${image.compatible}\n`,
  );
}

function needPrograms(): void {
  const lacking = ['rauc', 'mksquashfs'].filter(
    (program) => spawnSync(program, ['--version']).error !== undefined,
  );
  if (lacking.length > 0) throw new Refused('apt-get install --no-install-recommends rauc squashfs-tools');
}

function saysOf(file: string): ImageSays {
  const text = readFileSync(file, 'utf8');
  const [compatible, version] = ['compatible', 'version'].map(
    (field) => new RegExp(`^${field}=(.+)$`, 'm').exec(text)?.[1],
  );
  if (compatible === undefined || version === undefined) {
    throw new Refused(`${file} does not say compatible= and version=`);
  }
  if (!/^\d+(\.\d+){0,2}(-[0-9A-Za-z.-]+)?$/.test(version)) {
    throw new Refused(`${version} is no version that can be told newer or older (1.2.3): set IMAGE_VERSION`);
  }
  return { compatible, version };
}

function sign(
  from: string,
  image: ImageSays,
  by: Readonly<{ key: string; cert: string }>,
  out: string,
): void {
  const work = mkdtempSync(path.join(tmpdir(), 'fevergate-update-'));
  try {
    const manifest = [
      ...['[update]', `compatible=${image.compatible}`, `version=${image.version}`, ''],
      ...['[bundle]', 'format=verity', ''],
      ...['[image.rootfs]', 'filename=system.img', ''],
      ...['[image.boot]', 'filename=boot.img', ''],
    ];
    writeFileSync(path.join(work, 'manifest.raucm'), manifest.join('\n'));
    for (const name of ['system.img', 'boot.img']) copyFileSync(path.join(from, name), path.join(work, name));
    mkdirSync(path.dirname(out), { recursive: true });
    rmSync(out, { force: true });
    const { key, cert } = by;
    const { status, stderr } = spawnSync(
      'rauc',
      [
        `--key=${key}`,
        `--cert=${cert}`,
        '--mksquashfs-args=-comp zstd -Xcompression-level 6 -quiet',
        'bundle',
        work,
        out,
      ],
      { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] },
    );
    if (status !== 0) throw new Refused(`not signed: ${stderr.trim()}`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
