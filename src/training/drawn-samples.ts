import sharp from 'sharp';
import { rgbToI420 } from '../camera/rgb-to-i420.ts';
import type { CameraFrame } from '../domain/camera-frame.ts';
import type { Rect } from '../domain/geometry.ts';
import type { FaceNetwork } from '../io/tfjs/face-network.ts';
import type { Random } from '../simulation/random.ts';
import { drawPerson } from '../simulation/scene/draw-person.ts';
import { CANVAS, FIGURE } from '../simulation/scene/figure.ts';
import { type Look, randomLook } from '../simulation/scene/looks.ts';
import type { MaskWear } from '../simulation/scene/scenario.ts';
import { INPUT_SIZES } from '../vision/anchors.ts';
import type { Sample } from './fit-head.ts';
import { samplesOfFrame } from './photo-samples.ts';
import { sideBySide } from './side-by-side.ts';
import { anyColour, hex } from './staging/colours.ts';
import { relight } from './staging/relight.ts';
import { FRAME_SIDE } from './staging/stage-photo.ts';

/** Pixels per metre of the nearest and the farthest visitor, as a 640 pixel camera sees them. */
const NEAREST = 1500;
const FARTHEST = 400;
/** The face's centre may lie this far from the frame's, pixels. */
const SPREAD_PX = 40;
const MASK_COLOURS = [
  '#8fc1d9',
  '#eceff1',
  '#a9d4c3',
  '#7fb0d6',
  '#3b3f46',
  '#1d1e22',
  '#d9a3b0',
  '#c9b79c',
  '#27406b',
];

type DrawnFrame = Readonly<{ frame: CameraFrame; box: Rect }>;

/** Half of them masked; some of the others under the nose, which counts as not worn. */
const WEARS: readonly MaskWear[] = ['worn', 'not-worn', 'worn', 'under-nose', 'worn', 'not-worn'];

/**
 * Samples of visitors as the simulated gate draws them, before walls of any colour.
 * @param leastScore of the detector for a visitor to be one
 */
export async function drawnSamples(
  network: FaceNetwork,
  visitors: number,
  leastScore: number,
  random: Random,
): Promise<Sample[]> {
  const strangers = Array.from({ length: visitors }, (_, at) => ({
    mask: WEARS[at % WEARS.length] ?? 'worn',
    random: random.fork(),
  }));
  const samples = await sideBySide(strangers, async ({ mask, random: own }) => {
    const { frame, box } = await drawnVisitor(mask, own);
    const inputSize = INPUT_SIZES[Math.floor(INPUT_SIZES.length * own.uniform())] ?? 160;
    return samplesOfFrame(network, relight(frame, own), box, mask === 'worn', inputSize, own, leastScore);
  });
  return samples.flat();
}

/** A stranger somewhere near the middle of a frame. */
export async function drawnVisitor(mask: MaskWear, random: Random): Promise<DrawnFrame> {
  const pixelsPerMetre = FARTHEST * (NEAREST / FARTHEST) ** random.uniform();
  const body = drawPerson(variedLook(random), mask);
  const view = [CANVAS.left, CANVAS.top, CANVAS.width, CANVAS.height]
    .map((metres) => metres * 1000)
    .join(' ');
  const [width, height] = [CANVAS.width * pixelsPerMetre, CANVAS.height * pixelsPerMetre];
  const x = FRAME_SIDE / 2 + SPREAD_PX * (2 * random.uniform() - 1);
  const y = FRAME_SIDE / 2 + SPREAD_PX * (2 * random.uniform() - 1);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${FRAME_SIDE}" height="${FRAME_SIDE}">${wall(random)}
<svg x="${x + CANVAS.left * pixelsPerMetre}" y="${y + CANVAS.top * pixelsPerMetre}" width="${width}" height="${height}" viewBox="${view}">${body}</svg></svg>`;
  let picture = sharp(Buffer.from(svg)).flatten();
  if (random.uniform() < 0.4) picture = picture.blur(0.4 + 1.2 * random.uniform());
  const side = FIGURE.faceWidthM * pixelsPerMetre;
  return {
    frame: rgbToI420(await picture.raw({ depth: 'uchar' }).toBuffer(), FRAME_SIDE, FRAME_SIDE, 0),
    box: { x: x - side / 2, y: y - side / 2, width: side, height: side },
  };
}

function wall(random: Random): string {
  return `<defs><linearGradient id="wall" x1="0" y1="0" x2="${random.uniform()}" y2="1"><stop offset="0" stop-color="${anyColour(random)}"/><stop offset="1" stop-color="${anyColour(random)}"/></linearGradient></defs><rect width="100%" height="100%" fill="url(#wall)"/>`;
}

/** A stranger of the simulation, with colours a little off and masks of more colours. */
function variedLook(random: Random): Look {
  const look = randomLook(random);
  const mask = MASK_COLOURS[Math.floor(random.uniform() * MASK_COLOURS.length)] ?? look.maskColour;
  const near = (colour: string): string => nearColour(colour, random);
  return {
    ...look,
    skin: near(look.skin),
    hair: near(look.hair),
    cloth: near(look.cloth),
    maskColour: near(mask),
  };
}

function nearColour(colour: string, random: Random): string {
  const channels = [1, 3, 5].map(
    (at) => Number.parseInt(colour.slice(at, at + 2), 16) + 12 * random.normal(),
  );
  return hex(channels);
}
