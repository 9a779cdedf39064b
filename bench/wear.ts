import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { configSchema } from '../src/config/schema.ts';
import { type GateRecords, openGateRecords } from '../src/io/store/gate-records.ts';
import { aVisit } from '../test/support/a-visit.ts';
import { aLog, anAlert, GATE_ID } from '../test/support/an-alert.ts';
import { setClock } from '../test/support/set-clock.ts';

/**
 * `npm run bench:wear` (as root, 25 minutes, most of them waiting): what a visit at the cap has a disk write, counted at the disk, an ext4 file
 * system's own blocks and journal included: with visits close together, and with visits so far apart that the system
 * writes everything of one before the next comes.
 */
const CAP = 300;
const CLOSE_VISITS = 600;
const FAR_VISITS = 30;
/** Above the half minute after which Linux writes what was changed. */
const APART_MS = 40_000;
const SECTOR_BYTES = 512;
const IMAGE_BYTES = 96 * 1024 * 1024;
/** Raspberry Pi OS's own options, and with the file system's own changes taken together for ten minutes. */
const MOUNTS = ['noatime', 'noatime,commit=600'] as const;
/** A still takes 2.5 KB, sealed 200 bytes more: one block. */
const SEALED = new Uint8Array(2700).fill(0x61);
const RECIPIENT = 'age1650fezpxza30kykcxuaxwzfclnmh8qm2w0ev8c5qphx596wm7e2ss8m3lr';

type Keep = (records: GateRecords) => Promise<void>;
const keepVisit: Keep = (records) => records.append(aVisit(records.nextNumber));
const CASES: readonly Readonly<{ name: string; profile: 1 | 2 | 3; keep: Keep }>[] = [
  { name: 'counted (profile 1)', profile: 1, keep: keepVisit },
  { name: 'visit (profile 2)', profile: 2, keep: keepVisit },
  {
    name: 'visit with photo (profile 3)',
    profile: 3,
    async keep(records) {
      await records.photos.keep(records.nextNumber, SEALED);
      await keepVisit(records);
    },
  },
  {
    name: 'elevated, with its alert (profile 2)',
    profile: 2,
    async keep(records) {
      const number = records.nextNumber;
      const alert = anAlert(number);
      const { kept } = records.outbox.add(alert);
      await Promise.all([kept, records.append(aVisit(number, 'elevated'))]);
      await records.outbox.acknowledge(alert.id);
    },
  },
];

type Measured = Readonly<{
  name: string;
  mount: string;
  keep: Keep;
  records: GateRecords;
  written: () => number;
}>;

const work = mkdtempSync('/var/tmp/fevergate-wear-');
const mounted: string[] = [];
try {
  const all: Measured[] = [];
  for (const mount of MOUNTS) for (const one of CASES) all.push(await prepared(one, mount, all.length));
  const close = await bytesEach(all, CLOSE_VISITS, async ({ records, keep }) => {
    for (let visit = 0; visit < CLOSE_VISITS; visit++) await keep(records);
  });
  const far = await bytesEach(all, FAR_VISITS, async ({ records, keep }) => {
    for (let visit = 0; visit < FAR_VISITS; visit++) {
      await keep(records);
      await sleep(APART_MS);
    }
  });
  for (const [index, { name, mount, records }] of all.entries()) {
    console.log(
      `${mount.padEnd(17)} ${name.padEnd(37)} close together ${close[index]}, far apart ${far[index]} bytes`,
    );
    await records.close();
  }
} finally {
  for (const folder of mounted) execFileSync('umount', [folder]);
  rmSync(work, { recursive: true });
}

/** A gate at the cap, with its records on a disk of their own. */
async function prepared(
  { name, profile, keep }: (typeof CASES)[number],
  mount: string,
  index: number,
): Promise<Measured> {
  const [image, folder] = [path.join(work, `${index}.img`), path.join(work, `${index}`)];
  writeFileSync(image, '');
  truncateSync(image, IMAGE_BYTES);
  mkdirSync(folder);
  // Blocks and inodes as on a card of gigabytes.
  execFileSync('mkfs.ext4', [
    '-q',
    '-b',
    '4096',
    '-I',
    '256',
    '-E',
    'lazy_itable_init=0,lazy_journal_init=0',
    image,
  ]);
  execFileSync('mount', ['-o', `loop,${mount}`, image, folder]);
  mounted.push(folder);
  const source = execFileSync('findmnt', ['-no', 'SOURCE', folder], { encoding: 'utf8' }).trim();
  const time = setClock(Date.UTC(2026, 0, 5));
  const records = await openGateRecords({
    directory: path.join(folder, 'records'),
    records: configSchema.parse({
      records: {
        profile,
        capVisits: CAP,
        purpose: 'p',
        legalBasis: { kind: 'law', text: 'l', from: '2026-01-01', until: '2026-12-31' },
        photo: { recipient: RECIPIENT },
      },
    }).records,
    gateId: GATE_ID,
    clock: time.clock,
    audit: { append: () => Promise.resolve() },
    log: aLog(),
  });
  for (let visit = 0; visit < 2 * CAP; visit++) await keep(records);
  const written = (): number => {
    const fields = readFileSync(`/sys/block/${path.basename(source)}/stat`, 'utf8')
      .trim()
      .split(/\s+/);
    return Number(fields[6]) * SECTOR_BYTES;
  };
  return { name, mount, keep, records, written };
}

/** Bytes that each visit has had written, once everything of it has been. */
async function bytesEach(
  all: readonly Measured[],
  visits: number,
  keepVisits: (one: Measured) => Promise<void>,
): Promise<readonly number[]> {
  for (const folder of mounted) execFileSync('sync', ['-f', folder]);
  await sleep(APART_MS);
  const before = all.map(({ written }) => written());
  await Promise.all(all.map(keepVisits));
  await sleep(APART_MS);
  return all.map(({ written }, index) => Math.round((written() - (before[index] ?? 0)) / visits));
}
