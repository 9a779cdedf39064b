import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { judge } from '../../../src/training/judge-head.ts';
import { labelledPhotos } from '../../../src/training/labelled-photos.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fevergate-photos-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('holds out about a fifth of the photos, never a part of a group', () => {
  const lines = Array.from(
    { length: 3000 },
    (_, at) => `${at % 2 ? 'mask' : 'no-mask'}/${at}.jpg,${Math.floor(at / 3)}`,
  );
  writeFileSync(join(folder, 'index.csv'), `file,group\n${lines.join('\n')}\n`);
  const photos = labelledPhotos(folder);
  expect(photos).toHaveLength(3000);
  expect(photos[1]).toMatchObject({ file: `${folder}/mask/1.jpg`, worn: true });
  photos.forEach((photo, at) => {
    expect(photo.heldOut).toBe(photos[3 * Math.floor(at / 3)]?.heldOut);
  });
  const share = photos.filter((photo) => photo.heldOut).length / photos.length;
  expect(share).toBeGreaterThan(0.15);
  expect(share).toBeLessThan(0.25);
});

it('tells how a head does, for each answer and for those it is sure of', () => {
  const head = {
    inputs: 1,
    hidden: 1,
    hiddenWeights: Int8Array.of(1),
    hiddenScales: Float32Array.of(1),
    hiddenBiases: Float32Array.of(0),
    outputWeights: Float32Array.of(1),
    outputBias: -2,
  };
  const sample = (value: number, truth: boolean) => ({ features: Float32Array.of(value), truth });
  const samples = [sample(5, true), sample(2.3, true), sample(0, true), sample(0, false)];
  expect(judge(head, samples)).toEqual({
    worn: 3,
    notWorn: 1,
    accuracy: 0.75,
    wornRight: 0.6667,
    notWornRight: 1,
    speaking: 0.75,
    speakingRight: 0.6667,
  });
});
