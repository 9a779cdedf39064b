import type { MaskState } from '../domain/face.ts';

/** One photo of a labelled face, as the gate saw it. */
export type JudgedPhoto = Readonly<{
  worn: boolean;
  /** Mask answered for the labelled face; null: it was not found. */
  mask: MaskState | null;
  /** Faces found away from the labelled one. */
  elsewhere: number;
  /** The labelled face's place in its photo is guessed. */
  guessed: boolean;
  ms: number;
}>;

type Answer = MaskState | 'not-found';
const ANSWERS: readonly Answer[] = ['worn', 'not-worn', 'unsure', 'not-found'];

/** How a detector does on a folder of photos. Shares are 0..1, null where there is nothing to share. */
export type FaceEvaluation = Readonly<{
  photosMask: number;
  photosNoMask: number;
  unreadable: number;
  /** Photos in which no thorough look found the face: shown as if it filled the photo, matched loosely. */
  faceSizeGuessed: number;
  /** Share of the labelled faces that were found. */
  recallMask: number | null;
  recallNoMask: number | null;
  /** Faces found in frames without a face; without such frames: faces found away from the labelled one. */
  falsePositives: number;
  falsePositivesIn: 'no-face frames' | 'photo frames, away from the face';
  /** Frames they were counted in, and how many a frame. */
  falsePositiveFrames: number;
  falsePositiveRate: number | null;
  /** Faces found away from the labelled one: background, or a second person in the photo. */
  facesElsewhere: number;
  /** What is true, then what was answered. */
  confusion: Readonly<Record<'mask' | 'noMask', Readonly<Record<Answer, number>>>>;
  /** Right among the found faces that were decided. */
  maskAccuracy: number | null;
  /** Share of the found faces that stayed unsure. */
  maskUnsure: number | null;
  /** Median time of one look: frame to faces with masks, worker included. */
  msMedian: number | null;
}>;

export function evaluationOf(
  photos: readonly JudgedPhoto[],
  empty: readonly number[] | null,
  unreadable: number,
): FaceEvaluation {
  const [masked, bare] = [photos.filter((photo) => photo.worn), photos.filter((photo) => !photo.worn)];
  const found = photos.filter((photo) => photo.mask !== null);
  const decided = found.filter((photo) => photo.mask !== 'unsure');
  const facesElsewhere = sum(photos.map((photo) => photo.elsewhere));
  const falsePositives = empty === null ? facesElsewhere : sum(empty);
  const falsePositiveFrames = empty === null ? photos.length : empty.length;
  return {
    photosMask: masked.length,
    photosNoMask: bare.length,
    unreadable,
    faceSizeGuessed: photos.filter((photo) => photo.guessed).length,
    recallMask: share(masked.filter((photo) => photo.mask !== null).length, masked.length),
    recallNoMask: share(bare.filter((photo) => photo.mask !== null).length, bare.length),
    falsePositives,
    falsePositivesIn: empty === null ? 'photo frames, away from the face' : 'no-face frames',
    falsePositiveFrames,
    falsePositiveRate: share(falsePositives, falsePositiveFrames),
    facesElsewhere,
    confusion: { mask: countsOf(masked), noMask: countsOf(bare) },
    maskAccuracy: share(decided.filter(isRight).length, decided.length),
    maskUnsure: share(found.length - decided.length, found.length),
    msMedian: median(photos.map((photo) => photo.ms)),
  };
}

/** The evaluation for people. */
export function evaluationText(evaluation: FaceEvaluation): string {
  const { confusion, falsePositives, falsePositiveFrames } = evaluation;
  const row = (name: string, counts: Readonly<Record<Answer, number>>): string =>
    `  ${name.padEnd(8)}${ANSWERS.map((answer) => String(counts[answer]).padStart(11)).join('')}`;
  return [
    `faces found    masked ${percent(evaluation.recallMask)} of ${evaluation.photosMask}, bare ${percent(evaluation.recallNoMask)} of ${evaluation.photosNoMask}`,
    `false faces    ${falsePositives} in ${falsePositiveFrames} ${evaluation.falsePositivesIn} (${percent(evaluation.falsePositiveRate)}); ${evaluation.facesElsewhere} away from the face in photo frames`,
    '',
    `  ${'true'.padEnd(8)}${ANSWERS.map((answer) => answer.padStart(11)).join('')}`,
    row('mask', confusion.mask),
    row('no mask', confusion.noMask),
    '',
    `mask           right ${percent(evaluation.maskAccuracy)} of the decided, unsure ${percent(evaluation.maskUnsure)}`,
    `time           ${evaluation.msMedian?.toFixed(1) ?? '-'} ms a frame (median)`,
    `photos         ${evaluation.unreadable} unreadable, ${evaluation.faceSizeGuessed} with the face's size guessed`,
    '',
  ].join('\n');
}

function isRight({ worn, mask }: JudgedPhoto): boolean {
  return mask === (worn ? 'worn' : 'not-worn');
}

function countsOf(photos: readonly JudgedPhoto[]): Record<Answer, number> {
  const counts: Record<Answer, number> = { worn: 0, 'not-worn': 0, unsure: 0, 'not-found': 0 };
  for (const { mask } of photos) counts[mask ?? 'not-found']++;
  return counts;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((1e5 * part) / whole) / 1e5;
}

function median(values: readonly number[]): number | null {
  const middle = values.toSorted((a, b) => a - b)[values.length >> 1];
  return middle === undefined ? null : Math.round(middle * 10) / 10;
}

function percent(value: number | null): string {
  return value === null ? '-' : `${(100 * value).toFixed(2)} %`;
}
