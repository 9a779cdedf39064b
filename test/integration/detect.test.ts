import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { detectCommand } from '../../src/commands/detect.ts';
import { intersectionOverUnion } from '../../src/domain/geometry.ts';
import { readImage } from '../../src/io/image/read-image.ts';
import { maskStateOf } from '../../src/vision/mask-state.ts';
import { attempt } from '../support/in-process.ts';
import { describeWithSharedData, readSharedJson, sharedData } from '../support/shared-data.ts';

type Line = {
  file: string;
  faces: {
    x: number;
    y: number;
    width: number;
    height: number;
    score: number;
    mask: { state: string; score: number };
  }[];
  ms: number;
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fevergate-detect-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Runs the command; what it wrote and what it threw. */
async function run(...args: string[]): Promise<{ lines: Line[]; complaints: string; error: unknown }> {
  const { stdout, stderr, error } = await attempt(detectCommand(), args);
  const lines = stdout.split('\n').filter((line) => line !== '');
  return { lines: lines.map((line): Line => JSON.parse(line)), complaints: stderr, error };
}

async function greyPng(name: string, width = 321, height = 200): Promise<string> {
  const path = join(folder, name);
  await sharp({ create: { width, height, channels: 3, background: '#777' } }).toFile(path);
  return path;
}

describe('fevergate detect', () => {
  it('answers one line a picture, names what it cannot read, and goes on', async () => {
    const [first, last] = [await greyPng('first.png'), await greyPng('last.jpg')];
    const broken = join(folder, 'broken.jpg');
    await writeFile(broken, 'no picture');
    const { lines, complaints, error } = await run(
      '--backend',
      'wasm',
      first,
      broken,
      join(folder, 'gone.png'),
      last,
    );
    expect(lines.map(({ file, faces }) => ({ file, faces }))).toEqual([
      { file: first, faces: [] },
      { file: last, faces: [] },
    ]);
    expect(lines.every(({ ms }) => ms > 0)).toBe(true);
    expect(complaints).toContain(broken);
    expect(complaints).toContain('gone.png');
    expect(error).toMatchObject({
      name: 'CommandError',
      exitCode: 1,
      message: '2 of 4 pictures could not be read',
    });
  });

  it('draws to a folder, same names apart', async () => {
    const path = await greyPng('same.png');
    const drawn = join(folder, 'a', 'b');
    const { error } = await run('--backend', 'wasm', '--annotate', drawn, path, path);
    expect(error).toBeNull();
    expect((await readdir(drawn)).toSorted()).toEqual(['same.png-2.png', 'same.png.png']);
    expect(await sharp(join(drawn, 'same.png.png')).metadata()).toMatchObject({ width: 321, height: 200 });
  });

  it('draws one picture to a named file, and no more than one', async () => {
    const path = await greyPng('one.png');
    const drawn = join(folder, 'drawn.png');
    expect((await run('--backend', 'wasm', '--image', drawn, path)).error).toBeNull();
    expect(await sharp(drawn).metadata()).toMatchObject({ width: 321, height: 200 });
    expect((await run('--image', drawn, path, path)).error).toMatchObject({
      message: expect.stringContaining('--annotate'),
    });
  });

  it.each([
    ['--threshold', '1'],
    ['--threshold', 'high'],
    ['--input-size', '100'],
    ['--backend', 'gpu'],
  ])('refuses %s %s', async (option, value) => {
    expect((await run(option, value, 'any.png')).error).toMatchObject({ exitCode: 1 });
  });
});

describe('reading a picture', () => {
  it('turns it as its EXIF orientation says', async () => {
    const path = join(folder, 'turned.jpg');
    const left = await sharp({ create: { width: 20, height: 10, channels: 3, background: '#fff' } })
      .png()
      .toBuffer();
    const picture = sharp({ create: { width: 40, height: 10, channels: 3, background: '#000' } });
    await picture
      .composite([{ input: left, left: 0, top: 0 }])
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toFile(path);
    const { width, height, frame } = await readImage(path);
    expect([width, height]).toEqual([10, 40]);
    expect(frame.data[5 * 10 + 5]).toBeGreaterThan(240);
    expect(frame.data[35 * 10 + 5]).toBeLessThan(15);
  });

  it.each(['grey', 'transparent', 'palette', '16 bit'])('takes a %s PNG', async (kind) => {
    const path = join(folder, 'kind.png');
    const channels = kind === 'transparent' ? 4 : 3;
    const background = kind === 'transparent' ? { r: 0, g: 0, b: 0, alpha: 0 } : { r: 255, g: 255, b: 255 };
    const picture = sharp({ create: { width: 6, height: 4, channels, background } });
    if (kind === 'grey') picture.greyscale();
    if (kind === '16 bit') picture.toColourspace('rgb16');
    await picture.png({ palette: kind === 'palette' }).toFile(path);
    const { rgb } = await readImage(path);
    expect([...rgb]).toEqual(new Array(72).fill(255));
  });
});

describeWithSharedData('fevergate detect on gate photos', () => {
  type Photo = { file: string; faces: { box: [number, number, number, number] }[] };

  it('finds the faces people have marked', async () => {
    const photos = readSharedJson<Photo[]>('gate-photos/boxes.json').filter(
      (photo) => photo.faces.length === 1,
    );
    const some = photos.slice(0, 24);
    const { lines, error } = await run(
      '--backend',
      'wasm',
      ...some.map(({ file }) => sharedData(`gate-photos/${file}`)),
    );
    expect(error).toBeNull();
    const hits = some.filter(({ faces }, at) => {
      const [x, y, width, height] = faces[0]?.box ?? [0, 0, 1, 1];
      return lines[at]?.faces.some((face) => intersectionOverUnion(face, { x, y, width, height }) > 0.3);
    });
    expect(hits.length).toBeGreaterThanOrEqual(18);
    for (const { mask } of lines.flatMap((line) => line.faces)) {
      expect(mask.state).toBe(maskStateOf([mask.score]));
      if (mask.state !== 'unsure') expect(mask.state).toBe(mask.score > 0.5 ? 'worn' : 'not-worn');
    }
  });
});
