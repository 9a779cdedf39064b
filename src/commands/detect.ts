import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { MaskState, SeenFace } from '../domain/face.ts';
import { writeRgbPng } from '../io/image/png.ts';
import type { Picture } from '../io/image/read-image.ts';
import type { BackendChoice } from '../io/tfjs/tensorflow.ts';
import { VisionError } from '../io/tfjs/vision-error.ts';
import { openFaceFinder } from '../io/tfjs/worker-face-finder.ts';
import type { FaceFinder } from '../ports/face-finder.ts';
import { INPUT_SIZES, type InputSize } from '../vision/anchors.ts';
import { drawFaces } from '../vision/draw-faces.ts';
import { maskStateOf } from '../vision/mask-state.ts';
import { CommandError } from './command-error.ts';
import { pictureOrComplaint } from './picture-or-complaint.ts';

type DetectOptions = Readonly<{
  threshold: number;
  inputSize: InputSize;
  backend: BackendChoice;
  annotate?: string;
  image?: string;
}>;

/** `fevergate detect`: where the faces are in picture files, one JSON line a picture. */
export function detectCommand(): Command {
  return new Command('detect')
    .description(
      'find the faces in picture files and judge their masks; one JSON line a picture, in pixels of the upright picture',
    )
    .argument('<image...>', 'JPEG or PNG files')
    .option('--threshold <score>', 'least probability of a face, between 0 and 1', parseThreshold, 0.5)
    .addOption(
      new Option('--input-size <pixels>', `side of the network's input: ${INPUT_SIZES.join(', ')}`)
        .argParser(parseInputSize)
        .default(256),
    )
    .addOption(new Option('--backend <name>').choices(['auto', 'wasm', 'tfjs-node']).default('auto'))
    .option(
      '--image <file>',
      'write the picture with boxes and masks drawn to this PNG file; for one picture',
    )
    .option('--annotate <dir>', 'write each picture with its boxes drawn to this folder, as PNG')
    .action(detect);
}

async function detect(files: readonly string[], options: DetectOptions): Promise<void> {
  const { annotate, image } = options;
  if (image !== undefined && files.length > 1) {
    throw new CommandError(`--image takes one picture, not ${files.length}: use --annotate <dir>`);
  }
  if (annotate !== undefined) await makeFolder(annotate);
  const finder = await open(options);
  let unreadable = 0;
  try {
    for (const [index, file] of files.entries()) {
      const picture = await pictureOrComplaint(file);
      if (picture === null) unreadable++;
      else {
        const faces = await report(finder, file, picture);
        if (annotate !== undefined) await drawTo(join(annotate, annotatedName(files, index)), picture, faces);
        if (image !== undefined) await drawTo(image, picture, faces);
      }
    }
  } finally {
    await finder.close();
  }
  if (unreadable > 0) throw new CommandError(`${unreadable} of ${files.length} pictures could not be read`);
}

async function open({ inputSize, threshold, backend }: DetectOptions): Promise<FaceFinder> {
  try {
    return await openFaceFinder({ inputSize, threshold, backend, roi: 'whole' });
  } catch (error) {
    if (error instanceof VisionError) throw new CommandError(error.message);
    throw error;
  }
}

async function report(finder: FaceFinder, file: string, picture: Picture): Promise<readonly SeenFace[]> {
  const startedMs = performance.now();
  const found = await finder.find(picture.frame, true);
  const ms = tenths(performance.now() - startedMs);
  const faces = found.map(({ box: { x, y, width, height }, score, maskProbability }) => ({
    x: tenths(x),
    y: tenths(y),
    width: tenths(width),
    height: tenths(height),
    score: thousandths(score),
    mask: { state: stateOf(maskProbability), score: thousandths(maskProbability ?? Number.NaN) },
  }));
  process.stdout.write(`${JSON.stringify({ file, faces, ms })}\n`);
  return found;
}

async function drawTo(path: string, picture: Picture, faces: readonly SeenFace[]): Promise<void> {
  const drawn = faces.map(({ box, maskProbability }) => ({ box, mask: stateOf(maskProbability) }));
  try {
    await writeRgbPng(path, picture.width, picture.height, drawFaces(picture, drawn));
  } catch (error) {
    throw new CommandError(`cannot write ${path}: ${reasonOf(error)}`);
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new CommandError(`cannot make folder ${folder}: ${reasonOf(error)}`);
  }
}

/** The file's own name with .png added; numbered when an earlier file has the same name. */
function annotatedName(files: readonly string[], index: number): string {
  const names = files.slice(0, index + 1).map((file) => basename(file));
  const name = names[index] ?? '';
  const before = names.slice(0, index).filter((other) => other === name).length;
  return before === 0 ? `${name}.png` : `${name}-${before + 1}.png`;
}

function parseThreshold(text: string): number {
  const threshold = Number(text);
  if (text.trim() !== '' && threshold > 0 && threshold < 1) return threshold;
  throw new InvalidArgumentError('It must lie between 0 and 1.');
}

function parseInputSize(text: string): InputSize {
  const known = INPUT_SIZES.find((size) => String(size) === text);
  if (known !== undefined) return known;
  throw new InvalidArgumentError(`It must be one of ${INPUT_SIZES.join(', ')}.`);
}

function stateOf(maskProbability: number | null): MaskState {
  return maskProbability === null ? 'unsure' : maskStateOf([maskProbability]);
}

function thousandths(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
