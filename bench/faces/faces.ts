import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { stageBackground, stagePhoto } from '../../src/camera/staged-photo.ts';
import { isLabelledFace, labelledFace } from '../../src/commands/labelled-face.ts';
import type { CameraFrame } from '../../src/domain/camera-frame.ts';
import type { Rect } from '../../src/domain/geometry.ts';
import { readImage } from '../../src/io/image/read-image.ts';
import { openFaceFinder } from '../../src/io/tfjs/worker-face-finder.ts';
import { seededRandom } from '../../src/simulation/random.ts';
import { labelledPhotos } from '../../src/training/labelled-photos.ts';

/**
 * The face finder beside OpenCV's Haar cascades, on the same frames: `tsx bench/faces/faces.ts [PHOTOS] [BACKGROUNDS]`.
 * Held-out photos of `../shared/data/faces` (as many masked as bare ones) and parts of `../shared/data/no-face`. OpenCV
 * comes from Debian (python3-opencv, opencv-data) and runs as a program of its own, on one thread.
 */
const [photoCount, backgroundCount] = [Number(process.argv[2] ?? 400), Number(process.argv[3] ?? 480)];
const DATA = path.join(import.meta.dirname, '../../../shared/data');
const SURROUND_GREY = 128;

type Kind = 'masked' | 'bare' | 'empty';
type Shown = Readonly<{ name: string; kind: Kind; isFace: (box: Rect) => boolean }>;
type Look = Readonly<{ boxes: readonly Rect[]; ms: number }>;
type Looks = Readonly<Record<string, Look>>;

const random = seededRandom(3);
const folder = mkdtempSync(path.join(os.tmpdir(), 'fevergate-faces-'));
const gate = await openFaceFinder();
const thorough = await openFaceFinder({ inputSize: 256, roi: 'whole' });
const shown: Shown[] = [];
const own: Record<string, Look> = {};
try {
  const heldOut = labelledPhotos(path.join(DATA, 'faces')).filter((photo) => photo.heldOut);
  for (const worn of [true, false]) {
    for (const { file } of heldOut.filter((photo) => photo.worn === worn).slice(0, photoCount / 2)) {
      const photo = (await readImage(file)).frame;
      const { box, guessed } = await labelledFace(photo, thorough);
      const place = { right: random.uniform(), down: random.uniform(), surround: SURROUND_GREY };
      const staged = stagePhoto(photo, box, { faceHeightPx: 100 + 160 * random.uniform(), ...place });
      await show(staged.frame, worn ? 'masked' : 'bare', (found) => isLabelledFace(found, staged, guessed));
    }
  }
  const files = readdirSync(path.join(DATA, 'no-face')).filter((name) => /\.(jpe?g|png)$/.test(name));
  for (let at = 0; at < backgroundCount; at++) {
    const picture = (await readImage(path.join(DATA, 'no-face', files[at % files.length] ?? ''))).frame;
    const part = { zoom: 4 ** random.uniform(), right: random.uniform(), down: random.uniform() };
    await show(stageBackground(picture, part), 'empty', () => false);
  }
  console.log('| finder | masked found | bare found | false faces in empty frames | ms a frame, median |');
  console.log('| --- | --- | --- | --- | --- |');
  row('fevergate, in its worker', own);
  for (const cascade of ['default', 'alt2']) row(`Haar ${cascade}`, haar(cascade));
} finally {
  await gate.close();
  await thorough.close();
  rmSync(folder, { recursive: true });
}

/** Looks at the frame, and leaves its luma for the other program. */
async function show(frame: CameraFrame, kind: Kind, isFace: Shown['isFace']): Promise<void> {
  const name = `${shown.length}.pgm`;
  const startedMs = performance.now();
  const faces = await gate.find(frame, true);
  own[name] = { boxes: faces.map(({ box }) => box), ms: performance.now() - startedMs };
  shown.push({ name, kind, isFace });
  const luma = frame.data.subarray(0, frame.width * frame.height);
  const header = Buffer.from(`P5\n${frame.width} ${frame.height}\n255\n`);
  writeFileSync(path.join(folder, name), Buffer.concat([header, luma]));
}

function haar(cascade: string): Looks {
  const program = path.join(import.meta.dirname, 'haar.py');
  const file = `/usr/share/opencv4/haarcascades/haarcascade_frontalface_${cascade}.xml`;
  const told = execFileSync('/usr/bin/python3', [program, file, folder], { maxBuffer: 2 ** 26 });
  return JSON.parse(told.toString('utf8')) as Looks;
}

function row(name: string, looks: Looks): void {
  const foundOf = (kind: Kind): string => {
    const some = shown.filter((one) => one.kind === kind);
    const found = some.filter((one) => looks[one.name]?.boxes.some(one.isFace));
    return `${(found.length / some.length).toFixed(4)} of ${some.length}`;
  };
  const empty = shown.filter((one) => one.kind === 'empty');
  const falseFaces = empty.reduce((sum, one) => sum + (looks[one.name]?.boxes.length ?? 0), 0);
  const ms = shown.map((one) => looks[one.name]?.ms ?? 0).toSorted((a, b) => a - b)[shown.length >> 1] ?? 0;
  console.log(
    `| ${name} | ${foundOf('masked')} | ${foundOf('bare')} | ${falseFaces} in ${empty.length} | ${ms.toFixed(1)} |`,
  );
}
