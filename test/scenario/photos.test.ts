import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { photoParts } from '../../src/commands/photo-parts.ts';
import { defaultConfig } from '../../src/config/load.ts';
import { readPhoto } from '../../src/io/store/read-photo.ts';
import { readVisits } from '../../src/io/store/read-visits.ts';
import { ageIsHere, ageKeyPair, openWithAge } from '../support/age.ts';
import { fevergate } from '../support/command.ts';
import { jpegSegments } from '../support/jpeg-segments.ts';

const RUN_MS = 240_000;
/** How every JPEG made here begins: start of image, then its first segment. */
const JPEG_START = Buffer.from([0xff, 0xd8, 0xff, 0xdb]);
const METADATA = (marker: number): boolean => (marker >= 0xe0 && marker <= 0xef) || marker === 0xfe;

const VISITORS = [
  { distanceM: 0.6, mask: 'worn' },
  { distanceM: 0.6 },
  { distanceM: 0.65, mask: 'worn', feverC: 3 },
] as const;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'fevergate-photo-run-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A run over three visitors, two with masks; all it wrote. */
async function run(name: string, records: object) {
  const directory = path.join(folder, name);
  const config = path.join(folder, `${name}.yaml`);
  const scenario = path.join(folder, 'visitors.json');
  await writeFile(config, JSON.stringify({ screening: { method: 'absolute' }, records }));
  await writeFile(scenario, JSON.stringify({ visitors: VISITORS }));
  const args = ['simulate', '--speed', 'max', '--seed', '5', '--config', config, '--scenario', scenario];
  const { code, stdout, stderr } = await fevergate([...args, '--records', directory], {
    FEVERGATE_LOG_LEVEL: 'trace',
  });
  expect(code, stderr).toBe(0);
  const visits = await readVisits(directory);
  const files = await filesIn(directory);
  expect(visits.length, stdout).toBe(VISITORS.length);
  return { directory, visits, files, said: Buffer.from(stdout + stderr, 'latin1') };
}

async function filesIn(directory: string): Promise<ReadonlyMap<string, Buffer>> {
  const files = new Map<string, Buffer>();
  for (const name of await readdir(directory, { recursive: true })) {
    const file = path.join(directory, name);
    if ((await stat(file)).isFile()) files.set(name, await readFile(file));
  }
  return files;
}

const raised = (photo: object): object => ({
  profile: 3,
  purpose: 'finding whom an elevated visitor met',
  legalBasis: { kind: 'law', text: 'an article', until: '2026-12-31' },
  photo,
});

const here = ageIsHere();
describe.skipIf(!here)(
  here ? 'photos of a run' : 'photos of a run (age is not here: apt-get install age)',
  () => {
    test('are kept of masked visitors only, and open with the private key alone to a small JPEG without metadata', {
      timeout: RUN_MS,
    }, async () => {
      const { identity, publicKey } = ageKeyPair();
      const { directory, visits, files, said } = await run('with', raised({ recipient: publicKey }));
      expect(visits.map(({ mask }) => mask)).toEqual(['worn', 'not-worn', 'worn']);
      for (const { number, mask } of visits) {
        const sealed = await readPhoto(directory, number);
        if (mask !== 'worn') {
          expect(sealed).toBeNull();
          continue;
        }
        expect(openWithAge(sealed ?? Buffer.of(), ageKeyPair().identity)).toHaveProperty('refused');
        const opened = openWithAge(sealed ?? Buffer.of(), identity);
        if ('refused' in opened) throw new Error(opened.refused);
        const { info } = await sharp(opened.plain).raw().toBuffer({ resolveWithObject: true });
        expect(info.width).toBeLessThanOrEqual(160);
        expect(info.height).toBeLessThanOrEqual(200);
        // A face at that distance is not a few pixels.
        expect(info.width).toBeGreaterThan(80);
        expect(jpegSegments(opened.plain).filter(({ marker }) => METADATA(marker))).toEqual([]);
        expect(opened.plain.subarray(0, 4)).toEqual(JPEG_START);
      }
      expect(files.size).toBeGreaterThan(3);
      for (const [name, bytes] of files) expect(bytes.includes(JPEG_START), name).toBe(false);
      expect(said.includes(JPEG_START)).toBe(false);
    });

    test('are of others pixelated where the configuration says so', { timeout: RUN_MS }, async () => {
      const { identity, publicKey } = ageKeyPair();
      const photo = { recipient: publicKey, withoutMask: 'pixelated' };
      const { directory, visits } = await run('pixelated', raised(photo));
      const bare = visits.find(({ mask }) => mask === 'not-worn');
      const opened = openWithAge((await readPhoto(directory, bare?.number ?? 0)) ?? Buffer.of(), identity);
      if ('refused' in opened) throw new Error(opened.refused);
      const { data, info } = await sharp(opened.plain).raw().toBuffer({ resolveWithObject: true });
      // Along a row the colour changes at the edges of the four cells only; the JPEG blurs those a little.
      const row = Math.floor(info.height / 2 + info.height / 10);
      const jumps = Array.from({ length: info.width - 1 }, (_, x) => {
        const at = 3 * (row * info.width + x);
        return Math.abs((data[at] ?? 0) - (data[at + 3] ?? 0));
      });
      const nearEdge = (x: number): boolean =>
        [1, 2, 3].some((cell) => Math.abs(x - (cell * info.width) / 4) < 17);
      expect(Math.max(...jumps.filter((_, x) => !nearEdge(x)))).toBeLessThanOrEqual(4);
    });

    test('are none in profile 2, whatever else is configured', { timeout: RUN_MS }, async () => {
      const { publicKey } = ageKeyPair();
      const { files } = await run('profile-2', { profile: 2, photo: { recipient: publicKey } });
      expect([...files.keys()].filter((name) => name.includes('photo'))).toEqual([]);
    });

    test('are none without a recipient: the gate does not start, and names the setting', async () => {
      const config = path.join(folder, 'no-recipient.yaml');
      await writeFile(config, JSON.stringify({ records: raised({}) }));
      const { code, stderr } = await fevergate(['simulate', '--visits', '1', '--config', config]);
      expect(code).toBe(1);
      expect(stderr).toContain('records.photo.recipient');
    });

    test('are taken by no part of the gate without a recipient, or in a lower profile', async () => {
      const configured = defaultConfig().records;
      const records = {
        photos: { keep: () => Promise.resolve() },
        state: () => ({ profile: 3, health: 'ok' }) as const,
        verdicts: () => [],
      };
      const photo = { ...configured.photo, recipient: ageKeyPair().publicKey };
      expect(await photoParts({ ...configured, profile: 3 }, records)).toEqual({});
      expect(await photoParts({ ...configured, profile: 2, photo }, records)).toEqual({});
      expect(await photoParts({ ...configured, profile: 3, photo }, records)).toHaveProperty('photos.sealer');
    });
  },
);
