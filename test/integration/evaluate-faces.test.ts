import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { evaluateFacesCommand } from '../../src/commands/evaluate-faces.ts';
import type { FaceEvaluation } from '../../src/commands/face-evaluation.ts';
import { labelledPhotos } from '../../src/training/labelled-photos.ts';
import { attempt } from '../support/in-process.ts';
import { describeWithSharedData, sharedData } from '../support/shared-data.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fevergate-evaluate-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const run = (...args: string[]) => attempt(evaluateFacesCommand(), args);

describe('fevergate evaluate faces', () => {
  it('says what is missing', async () => {
    expect((await run(join(folder, 'nowhere'))).error).toMatchObject({
      name: 'CommandError',
      message: expect.stringContaining('neither mask/ nor no-mask/'),
    });
    await mkdir(join(folder, 'mask'));
    expect((await run(folder)).error).toMatchObject({ message: expect.stringContaining('hold no JPEG') });
  });

  it('names and counts what it cannot read, goes on, and finds no face in grey', async () => {
    await mkdir(join(folder, 'no-mask'));
    await mkdir(join(folder, 'no-face'));
    const grey = sharp({ create: { width: 64, height: 80, channels: 3, background: '#777' } });
    await grey.clone().toFile(join(folder, 'no-mask', 'grey.png'));
    await grey.clone().toFile(join(folder, 'no-face', 'grey.png'));
    await writeFile(join(folder, 'no-mask', 'broken.jpg'), 'no picture');
    const { stdout: out, stderr: complaints, error } = await run(folder, '--json', '--empty-frames', '2');
    expect(error).toBeNull();
    expect(complaints).toContain('broken.jpg');
    const evaluation: FaceEvaluation = JSON.parse(out);
    expect(evaluation).toMatchObject({
      photosMask: 0,
      photosNoMask: 1,
      unreadable: 1,
      faceSizeGuessed: 1,
      recallMask: null,
      recallNoMask: 0,
      falsePositives: 0,
      falsePositivesIn: 'no-face frames',
      falsePositiveFrames: 2,
    });
  });

  it.each(['--limit', '--empty-frames'])('refuses %s 0', async (option) => {
    expect((await run(option, '0', folder)).error).toMatchObject({ exitCode: 1 });
  });
});

describeWithSharedData('fevergate evaluate faces on photographed faces', () => {
  it('finds them, the same ones for the same seed', async () => {
    const heldOut = labelledPhotos(sharedData('faces')).filter((photo) => photo.heldOut);
    for (const [kind, worn] of [
      ['mask', true],
      ['no-mask', false],
    ] as const) {
      await mkdir(join(folder, kind));
      const some = heldOut.filter((photo) => photo.worn === worn).slice(40, 44);
      await Promise.all(
        some.map(({ file }, at) =>
          sharp(file)
            .jpeg({ quality: 95 })
            .toFile(join(folder, kind, `${at}.jpg`)),
        ),
      );
    }
    const evaluated = async (): Promise<FaceEvaluation> =>
      JSON.parse((await run(folder, '--json', '--seed', '4')).stdout);
    const first = await evaluated();
    expect(first.recallMask).toBeGreaterThanOrEqual(0.75);
    expect(first.recallNoMask).toBe(1);
    expect({ ...(await evaluated()), msMedian: null }).toEqual({ ...first, msMedian: null });
  }, 300_000);
});
