import { describe, expect, it } from 'vitest';
import { layPhoto } from '../../../src/camera/lay-photo.ts';
import { rgbToI420 } from '../../../src/camera/rgb-to-i420.ts';
import { stageBackground, stagePhoto } from '../../../src/camera/staged-photo.ts';
import { evaluationOf, evaluationText, type JudgedPhoto } from '../../../src/commands/face-evaluation.ts';
import { evenly } from '../../../src/commands/face-photos.ts';

const photo = (worn: boolean, mask: JudgedPhoto['mask'], elsewhere = 0): JudgedPhoto => ({
  worn,
  mask,
  elsewhere,
  guessed: false,
  ms: worn ? 8 : 10,
});

describe('an evaluation of photos', () => {
  const photos = [
    photo(true, 'worn'),
    photo(true, 'worn', 1),
    photo(true, 'not-worn'),
    photo(true, null),
    photo(false, 'not-worn'),
    photo(false, 'unsure'),
  ];

  it('counts what was found and how masks were answered', () => {
    expect(evaluationOf(photos, null, 2)).toMatchObject({
      recallMask: 0.75,
      recallNoMask: 1,
      falsePositives: 1,
      falsePositivesIn: 'photo frames, away from the face',
      falsePositiveFrames: 6,
      confusion: {
        mask: { worn: 2, 'not-worn': 1, unsure: 0, 'not-found': 1 },
        noMask: { worn: 0, 'not-worn': 1, unsure: 1, 'not-found': 0 },
      },
      maskAccuracy: 0.75,
      maskUnsure: 0.2,
      msMedian: 8,
      unreadable: 2,
    });
  });

  it('takes false positives from frames without a face where there are some', () => {
    expect(evaluationOf(photos, [0, 2, 0, 0], 0)).toMatchObject({
      falsePositives: 2,
      falsePositivesIn: 'no-face frames',
      falsePositiveFrames: 4,
      falsePositiveRate: 0.5,
      facesElsewhere: 1,
    });
  });

  it('has nothing to share where there are no photos of a kind', () => {
    const evaluation = evaluationOf([photo(true, null)], [], 0);
    expect(evaluation).toMatchObject({ recallNoMask: null, maskAccuracy: null, falsePositiveRate: null });
    expect(evaluationText(evaluation)).toContain('bare - of 0');
  });
});

describe('a staged photo', () => {
  const bright = rgbToI420(new Uint8Array(40 * 40 * 3).fill(250), 40, 40, 0);
  const box = { x: 10, y: 10, width: 16, height: 20 };

  it('has its face where and as large as asked', () => {
    const staging = { faceHeightPx: 200, right: 1, down: 0.5, surround: 60 };
    const { frame, face, photo: whole } = stagePhoto(bright, box, staging);
    expect(face).toEqual({ x: 400, y: 140, width: 160, height: 200 });
    expect(whole).toEqual({ x: 300, y: 40, width: 400, height: 400 });
    const luma = (x: number, y: number) => frame.data[y * 640 + x];
    expect([luma(299, 240), luma(300, 40), luma(639, 439), luma(500, 39), luma(500, 440)]).toEqual([
      60, 250, 250, 60, 60,
    ]);
  });

  it('fills the frame with a part of a background', () => {
    const { data } = stageBackground(bright, { zoom: 2, right: 0.3, down: 0.9 });
    expect(data.subarray(0, 640 * 480).every((value) => value === 250)).toBe(true);
  });

  it('keeps a picture laid at its own size as it is', () => {
    const rgb = Uint8Array.from({ length: 12 * 8 * 3 }, (_, at) => (at * 37) % 256);
    const picture = rgbToI420(rgb, 12, 8, 0);
    expect(layPhoto(picture, { left: 0, top: 0, scale: 1 }, { width: 12, height: 8 }, 0)).toEqual(picture);
  });
});

it('takes a part of a folder evenly', () => {
  expect(evenly([0, 1, 2, 3, 4, 5], 3)).toEqual([0, 2, 4]);
  expect(evenly([0, 1], 3)).toEqual([0, 1]);
});
