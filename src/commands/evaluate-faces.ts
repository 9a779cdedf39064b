import { Command, InvalidArgumentError, Option } from 'commander';
import { stageBackground, stagePhoto } from '../camera/staged-photo.ts';
import { loadConfig } from '../config/load.ts';
import type { CameraFrame } from '../domain/camera-frame.ts';
import { openProgressBar } from '../io/terminal/progress-bar.ts';
import { openFaceFinder } from '../io/tfjs/worker-face-finder.ts';
import type { FaceFinder } from '../ports/face-finder.ts';
import { type Random, seededRandom } from '../simulation/random.ts';
import { maskStateOf } from '../vision/mask-state.ts';
import { evaluationOf, evaluationText, type JudgedPhoto } from './face-evaluation.ts';
import { evenly, facePhotosIn } from './face-photos.ts';
import { isLabelledFace, labelledFace } from './labelled-face.ts';
import { pictureOrComplaint } from './picture-or-complaint.ts';

type EvaluateFlags = Readonly<{
  json?: true;
  limit: number;
  seed: number;
  config?: string;
  emptyFrames: number;
}>;

/** Height of the face's box in the frame: least and greatest, pixels. */
const FACE_HEIGHT_PX = [100, 260] as const;
const SURROUND_GREY = 128;

/** The finder as the gate uses it, and one that looks thoroughly at whole photos, to learn how large a face is. */
type Finders = Readonly<{ gate: FaceFinder; thorough: FaceFinder }>;

/** `fevergate evaluate faces`: what the face finder finds and answers on a folder of photos. */
export function evaluateFacesCommand(): Command {
  return new Command('faces')
    .description(
      'show photos of single faces to the face finder, each on a 640 x 480 frame with the face 100 to 260 pixels tall, and count what it finds',
    )
    .argument('<folder>', 'holds mask/ and no-mask/ (JPEG or PNG), and no-face/ for pictures without a face')
    .option('--json', 'one JSON object instead of a table')
    .option('--limit <photos>', 'at most so many pictures of each folder, taken evenly', positive, Infinity)
    .option('--seed <number>', 'of face sizes, places and parts of pictures', wholeNumber, 1)
    .option('--empty-frames <number>', 'frames made of each picture in no-face/', positive, 10)
    .addOption(new Option('--config <file>', 'take the `vision` settings of this configuration'))
    .action(evaluateFaces);
}

async function evaluateFaces(folder: string, flags: EvaluateFlags): Promise<void> {
  const { vision } = await loadConfig(flags.config ?? null);
  const photos = await facePhotosIn(folder);
  const labelled = [
    ...evenly(photos.mask, flags.limit).map((file) => ({ file, worn: true })),
    ...evenly(photos.noMask, flags.limit).map((file) => ({ file, worn: false })),
  ];
  const noFace = photos.noFace === null ? null : evenly(photos.noFace, flags.limit);
  const gate = await openFaceFinder(vision);
  const closing: FaceFinder[] = [gate];
  try {
    const thorough = await openFaceFinder({ backend: vision.backend, inputSize: 256, roi: 'whole' });
    closing.push(thorough);
    const bar = openProgressBar(process.stderr);
    const total = labelled.length + (noFace ?? []).length;
    let looked = 0;
    const step = (): void => bar.show(`${++looked} of ${total} pictures`, looked / total);
    const judged = await eachPicture(labelled, step, flags.seed, async ({ worn }, picture, random) =>
      judgePhoto(picture, worn, { gate, thorough }, random),
    );
    const empty =
      noFace === null
        ? null
        : await eachPicture(
            noFace.map((file) => ({ file })),
            step,
            flags.seed,
            (_, picture, random) => facesInEmpty(picture, flags.emptyFrames, gate, random),
          );
    bar.clear();
    const unreadable = judged.unreadable + (empty?.unreadable ?? 0);
    const evaluation = evaluationOf(judged.results, empty?.results.flat() ?? null, unreadable);
    process.stdout.write(flags.json ? `${JSON.stringify(evaluation)}\n` : evaluationText(evaluation));
  } finally {
    for (const finder of closing) await finder.close();
  }
}

/** Works through pictures one after the other; an unreadable one is named, counted and left out. */
async function eachPicture<Item extends Readonly<{ file: string }>, Result>(
  items: readonly Item[],
  onDone: () => void,
  seed: number,
  work: (item: Item, picture: CameraFrame, random: Random) => Promise<Result>,
): Promise<{ results: Result[]; unreadable: number }> {
  const random = seededRandom(seed);
  const results: Result[] = [];
  let unreadable = 0;
  for (const item of items) {
    const own = random.fork();
    const picture = await pictureOrComplaint(item.file);
    if (picture === null) unreadable++;
    else results.push(await work(item, picture.frame, own));
    onDone();
  }
  return { results, unreadable };
}

async function judgePhoto(
  picture: CameraFrame,
  worn: boolean,
  { gate, thorough }: Finders,
  random: Random,
): Promise<JudgedPhoto> {
  const { box: inPhoto, guessed } = await labelledFace(picture, thorough);
  const [least, most] = FACE_HEIGHT_PX;
  const faceHeightPx = least + (most - least) * random.uniform();
  const place = { right: random.uniform(), down: random.uniform(), surround: SURROUND_GREY };
  const staged = stagePhoto(picture, inPhoto, { faceHeightPx, ...place });
  const startedMs = performance.now();
  const faces = await gate.find(staged.frame, true);
  const ms = performance.now() - startedMs;
  const labelled = faces.find(({ box }) => isLabelledFace(box, staged, guessed));
  return {
    worn,
    mask: labelled === undefined ? null : maskStateOf([labelled.maskProbability ?? Number.NaN]),
    elsewhere: faces.filter(({ box }) => !isLabelledFace(box, staged, guessed)).length,
    guessed,
    ms,
  };
}

async function facesInEmpty(
  picture: CameraFrame,
  frames: number,
  gate: FaceFinder,
  random: Random,
): Promise<number[]> {
  const counts: number[] = [];
  for (let frame = 0; frame < frames; frame++) {
    const part = { zoom: 4 ** random.uniform(), right: random.uniform(), down: random.uniform() };
    counts.push((await gate.find(stageBackground(picture, part), true)).length);
  }
  return counts;
}

function positive(text: string): number {
  const value = wholeNumber(text);
  if (value > 0) return value;
  throw new InvalidArgumentError('It must be 1 or more.');
}

function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number.');
}
