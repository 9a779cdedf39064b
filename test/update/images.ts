import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { run } from '../hardware/vm/kept.ts';
import { buildPackage } from '../packaging/built.ts';
import { layNoSystem, layStuckSystem, makeSigner, type Signer, signUpdate } from './signed.ts';

const QEMU = path.join(import.meta.dirname, '../../image-build/qemu');
const EPOCH_S = 1_795_528_800;
export const SITE = 'kept-entrance';
const COMPATIBLE = 'fevergate-debian-amd64';

/** Versions of the image, as the test brings them one after the other. */
export const FIRST = '0.1.0';
export const BETTER = '0.2.0';
export const BROKEN = '0.3.0';
export const CRASHING = '0.4.0';
export const STUCK = '0.5.0';
export const FREEZING = '0.6.0';

/** What is tried in a machine: its disk with {@link FIRST}, and updates. */
export type Images = Readonly<{
  disk: string;
  better: string;
  /** The gate's program is not in it. */
  broken: string;
  /** There is nothing to start in it. */
  crashing: string;
  /** What is started in it does nothing for ever, before systemd. */
  stuck: string;
  /** {@link BETTER} under another number. */
  freezing: string;
  older: string;
  forAnother: string;
  byAnother: string;
}>;

/**
 * Builds the package (unless FEVERGATE_DEB names one), an image with a configuration on its boot partition, and updates.
 * The systems differ in what they are called, and the broken one in what is taken out; boot loader, kernel and units are
 * the shipped ones in all.
 */
export async function buildImages(folder: string): Promise<Images> {
  const deb = process.env['FEVERGATE_DEB'] ?? (await buildPackage(EPOCH_S));
  const signer = makeSigner(path.join(folder, 'signer'));
  const root = path.join(folder, 'root');
  const at = (name: string): string => path.join(folder, name);
  const script = (name: string, ...args: readonly string[]): Promise<string> =>
    run('sh', [path.join(QEMU, name), ...args], {
      env: { ...process.env, UPDATE_CA: signer.ca, IMAGE_VERSION: FIRST, BOOT_FILES: at('boot-files') },
    });
  mkdirSync(at('boot-files'));
  writeFileSync(
    at('boot-files/fevergate.yaml'),
    `gate: { site: ${SITE} }\nrecords: { directory: /var/lib/fevergate/records }\n`,
  );

  await script('system-root.sh', 'amd64', deb, root);
  await script('pack-slot.sh', root, at('first'));
  await script('make-disk.sh', 'amd64', root, at('first'));
  const packed = async (version: string): Promise<string> => {
    await rename(root, version);
    await script('pack-slot.sh', root, at(version));
    return signed(version, version, signer);
  };
  const signed = (from: string, to: string, by: Signer): string => {
    signUpdate(at(from), by, at(`${to}.raucb`));
    return at(`${to}.raucb`);
  };
  const empty = (name: string, version: string, compatible = COMPATIBLE): string => {
    layNoSystem(at(name), { compatible, version });
    execFileSync('cp', [at('first/boot.img'), at(name)]);
    return name;
  };
  const relabelled = (from: string, version: string): string => {
    mkdirSync(at(version));
    for (const name of ['system.img', 'boot.img']) linkSync(at(`${from}/${name}`), at(`${version}/${name}`));
    writeFileSync(at(`${version}/update.txt`), `compatible=${COMPATIBLE}\nversion=${version}\n`);
    return version;
  };

  const better = await packed(BETTER);
  const freezing = relabelled(BETTER, FREEZING);
  const stuck = empty('stuck', STUCK);
  layStuckSystem(at(stuck), path.join(root, 'boot/busybox'));
  rmSync(path.join(root, 'usr/lib/fevergate/dist'), { recursive: true });
  const broken = await packed(BROKEN);
  rmSync(root, { recursive: true });
  return {
    disk: at('first/disk.img'),
    better,
    broken,
    stuck: signed(stuck, 'stuck', signer),
    freezing: signed(freezing, 'freezing', signer),
    crashing: signed(empty('crashing', CRASHING), 'crashing', signer),
    older: signed(empty('older', FIRST), 'older', signer),
    forAnother: signed(empty('another', CRASHING, 'fevergate-pi5-amd64'), 'another', signer),
    byAnother: signed('crashing', 'by-another', makeSigner(at('another-signer'))),
  };
}

/** Calls the system in `root` another version. */
async function rename(root: string, version: string): Promise<void> {
  writeFileSync(path.join(root, 'etc/fevergate-image-version'), `${version}\n`);
  await run('sed', [
    '-i',
    `s/^min-bundle-version=.*/min-bundle-version=${version}/`,
    path.join(root, 'etc/rauc/system.conf'),
  ]);
}
