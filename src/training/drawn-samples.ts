import sharp from 'sharp';
import { rgbToI420 } from '../camera/rgb-to-i420.ts';
import type { CameraFrame } from '../domain/camera-frame.ts';
import type { FaceNetwork } from '../io/tfjs/face-network.ts';
import type { Random } from '../simulation/random.ts';
import { drawPerson } from '../simulation/scene/draw-person.ts';
import { CANVAS } from '../simulation/scene/figure.ts';
import { type Look, randomLook } from '../simulation/scene/looks.ts';
import type { Sample } from './fit-head.ts';
import { FRAME_SIDE, relight } from './photo-frame.ts';
import { samplesOfFrame } from './photo-samples.ts';

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

/** Samples of visitors as the simulated gate draws them, half of them masked, before walls of any colour. */
export async function drawnSamples(
  network: FaceNetwork,
  visitors: number,
  random: Random,
): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (let visitor = 0; visitor < visitors; visitor++) {
    const worn = visitor % 2 === 0;
    const frame = await drawVisitor(worn, random);
    const whole = { x: 0, y: 0, width: FRAME_SIDE, height: FRAME_SIDE };
    samples.push(...samplesOfFrame(network, relight(frame, random), whole, worn, random));
  }
  return samples;
}

async function drawVisitor(worn: boolean, random: Random): Promise<CameraFrame> {
  const pixelsPerMetre = FARTHEST * (NEAREST / FARTHEST) ** random.uniform();
  const body = drawPerson(variedLook(random), worn ? 'worn' : 'not-worn');
  const view = [CANVAS.left, CANVAS.top, CANVAS.width, CANVAS.height]
    .map((metres) => metres * 1000)
    .join(' ');
  const [width, height] = [CANVAS.width * pixelsPerMetre, CANVAS.height * pixelsPerMetre];
  const left = FRAME_SIDE / 2 + SPREAD_PX * (2 * random.uniform() - 1) + CANVAS.left * pixelsPerMetre;
  const top = FRAME_SIDE / 2 + SPREAD_PX * (2 * random.uniform() - 1) + CANVAS.top * pixelsPerMetre;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${FRAME_SIDE}" height="${FRAME_SIDE}">${wall(random)}
<svg x="${left}" y="${top}" width="${width}" height="${height}" viewBox="${view}">${body}</svg></svg>`;
  let picture = sharp(Buffer.from(svg)).flatten();
  if (random.uniform() < 0.4) picture = picture.blur(0.4 + 1.2 * random.uniform());
  return rgbToI420(await picture.raw({ depth: 'uchar' }).toBuffer(), FRAME_SIDE, FRAME_SIDE, 0);
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

function anyColour(random: Random): string {
  return hex([random.uniform(), random.uniform(), random.uniform()].map((part) => 30 + 210 * part));
}

function hex(channels: readonly number[]): string {
  const bytes = channels.map((value) => Math.round(Math.min(255, Math.max(0, value))));
  return `#${bytes.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}
