import sharp from 'sharp';
import type { Random } from '../../simulation/random.ts';
import { drawHand } from '../../simulation/scene/draw-props.ts';
import { randomLook, shade } from '../../simulation/scene/looks.ts';
import { anyColour, hex } from './colours.ts';
import { type FaceAxes, faceAxes, toPicture } from './face-axes.ts';
import type { FacePicture } from './picture.ts';

/** What is drawn over a face without being a mask. */
export type Cover = 'hand' | 'fingers' | 'thing' | 'beard' | 'low-scarf' | 'high-scarf';

/** Units of the drawings below: thousandths of the face box' side, from between the eyes. */
const PER_UNIT = 1000;
/** The simulation's hand is drawn in millimetres; a face box spans 148 of them. */
const HAND_MM = 148;

/** The picture with something drawn over its face; the same picture where its face has no axes. */
export async function drawCover(picture: FacePicture, cover: Cover, random: Random): Promise<FacePicture> {
  const axes = faceAxes(picture.face);
  if (axes === null) return picture;
  const { width, height } = picture;
  const body = drawingOf(cover, axes, skinOf(picture, axes), random);
  const scale = axes.unit / PER_UNIT;
  const turn = (axes.rollRad * 180) / Math.PI;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><g transform="translate(${axes.origin.x} ${axes.origin.y}) rotate(${turn}) scale(${scale})">${body}</g></svg>`;
  const rgb = await sharp(picture.rgb, { raw: { width, height, channels: 3 } })
    .composite([{ input: Buffer.from(svg) }])
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer();
  return { ...picture, rgb };
}

function drawingOf(cover: Cover, axes: FaceAxes, skin: string, random: Random): string {
  switch (cover) {
    case 'hand':
      return hand(axes, skin, random);
    case 'fingers':
      return fingers(axes, skin, random);
    case 'thing':
      return thing(axes, random);
    case 'beard':
      return beard(axes, random);
    case 'low-scarf':
      return scarf((axes.noseY + axes.mouthY) / 2 + 0.03 + 0.3 * random.uniform(), random);
    case 'high-scarf':
      return scarf(0.06 + 0.1 * random.uniform(), random);
  }
}

/** The open hand of the simulation, from any side, its palm or its fingers before the mouth. */
function hand({ noseY, mouthY }: FaceAxes, skin: string, random: Random): string {
  const scale = (PER_UNIT / HAND_MM) * (0.75 + 0.4 * random.uniform());
  const x = 160 * (random.uniform() - 0.5);
  const y = PER_UNIT * (noseY + (mouthY - noseY) * (0.4 + random.uniform()));
  const turn = 360 * random.uniform();
  const palm = random.uniform() < 0.5 ? -60 : 0;
  return `<g transform="translate(${x} ${y}) rotate(${turn}) scale(${scale}) translate(0 ${palm})">${drawHand({ ...randomLook(random), skin })}</g>`;
}

/** The back of a hand laid over nose and mouth: four fingers side by side, nails towards one cheek. */
function fingers({ noseY, mouthY }: FaceAxes, skin: string, random: Random): string {
  const side = random.uniform() < 0.5 ? -1 : 1;
  const turn = side * (random.uniform() * 70 - 20);
  const y = PER_UNIT * (noseY + (mouthY - noseY) * random.uniform());
  const width = 85 + 30 * random.uniform();
  const line = shade(skin, -0.35);
  const drawn = [0, 1, 2, 3].map((at) => {
    const top = (at - 2) * width;
    const reach = 250 + 60 * random.uniform() - 30 * Math.abs(at - 1);
    const lit = shade(skin, 0.12 - 0.07 * at);
    return `<rect x="${-reach}" y="${top}" width="${reach + 520}" height="${width * 0.97}" rx="${width / 2}" fill="${lit}" stroke="${line}" stroke-width="7"/>
<rect x="${-reach + 14}" y="${top + width * 0.22}" width="${width * 0.6}" height="${width * 0.5}" rx="${width * 0.22}" fill="${shade(skin, 0.35)}" opacity="0.6"/>`;
  });
  return `<g transform="translate(${40 * side} ${y}) scale(${side} 1) rotate(${turn})"><ellipse cx="430" cy="20" rx="240" ry="${width * 2.3}" fill="${skin}"/>${drawn.join('')}</g>`;
}

/** Something held up to the mouth, narrower than the face: a cup, a telephone, a microphone, food. */
function thing({ mouthY }: FaceAxes, random: Random): string {
  const [width, height] = [110 + 200 * random.uniform(), 120 + 300 * random.uniform()];
  const colour = anyColour(random);
  const radius = (random.uniform() * Math.min(width, height)) / 2;
  const x = 160 * (random.uniform() - 0.5);
  const turn = 80 * (random.uniform() - 0.5);
  const top = -60 + 40 * random.uniform();
  return `<defs><linearGradient id="thing"><stop offset="0" stop-color="${shade(colour, 0.25)}"/><stop offset="1" stop-color="${shade(colour, -0.4)}"/></linearGradient></defs>
<g transform="translate(${x} ${PER_UNIT * mouthY}) rotate(${turn})"><rect x="${-width / 2}" y="${top}" width="${width}" height="${height}" rx="${radius}" fill="url(#thing)"/><rect x="-28" y="${top + height - 20}" width="56" height="600" fill="${shade(colour, -0.5)}"/></g>`;
}

/** From ear to ear round the chin and over the lip, the lips free. */
function beard({ noseY, mouthY }: FaceAxes, random: Random): string {
  const [lip, mouth] = [PER_UNIT * (noseY + 0.09), PER_UNIT * mouthY];
  const chin = 640 + 90 * random.uniform();
  const cheek = lip - 60 + 160 * random.uniform();
  const tone = 12 + 75 * random.uniform() ** 2;
  const colour = hex([tone * 1.15, tone * 0.95, tone * 0.8]);
  const seed = Math.floor(1000 * random.uniform());
  return `<defs><filter id="hair" x="-20%" y="-20%" width="140%" height="140%"><feTurbulence type="fractalNoise" baseFrequency="0.03 0.012" numOctaves="2" seed="${seed}" result="noise"/><feColorMatrix in="noise" type="matrix" values="0 0 0 0 0  0 0 0 0 0  0 0 0 0 0  0 2.4 0 0 -0.35" result="strands"/><feComposite in="SourceGraphic" in2="strands" operator="in" result="cut"/><feGaussianBlur in="SourceGraphic" stdDeviation="14" result="soft"/><feMerge><feMergeNode in="soft"/><feMergeNode in="cut"/></feMerge></filter></defs>
<path fill-rule="evenodd" filter="url(#hair)" opacity="${0.6 + 0.38 * random.uniform()}" fill="${colour}" d="M-400 120 C-390 ${cheek} -300 ${cheek + 40} -190 ${lip + 10} C-120 ${lip - 20} 120 ${lip - 20} 190 ${lip + 10} C300 ${cheek + 40} 390 ${cheek} 400 120 C420 380 320 ${chin - 60} 130 ${chin} C50 ${chin + 20} -50 ${chin + 20} -130 ${chin} C-320 ${chin - 60} -420 380 -400 120 Z M-125 ${mouth} C-60 ${mouth - 34} 60 ${mouth - 34} 125 ${mouth} C60 ${mouth + 44} -60 ${mouth + 44} -125 ${mouth} Z"/>`;
}

/** Cloth from shoulder to shoulder up to a height of the face. */
function scarf(upTo: number, random: Random): string {
  const top = PER_UNIT * upTo;
  const colour = anyColour(random);
  const fold = shade(colour, -0.45);
  const rise = 60 - 160 * random.uniform();
  const folds = Array.from({ length: 5 }, (_, at) => {
    const y = top + 60 + 110 * at + 30 * random.uniform();
    return `<path d="M-620 ${y + rise} C-300 ${y + 60 * random.uniform()} 260 ${y + 80} 620 ${y + rise - 40}" fill="none" stroke="${fold}" stroke-width="${8 + 18 * random.uniform()}" opacity="0.5"/>`;
  });
  return `<path d="M-640 ${top + rise} C-420 ${top + rise + 40} -240 ${top + 20} 0 ${top} C240 ${top + 20} 420 ${top + rise + 40} 640 ${top + rise} L700 1500 L-700 1500 Z" fill="${colour}"/>${folds.join('')}`;
}

/** The skin's colour beside the nose. */
function skinOf({ rgb, width, height }: FacePicture, axes: FaceAxes): string {
  const sums = [0, 0, 0];
  for (const x of [-0.16, 0, 0.16]) {
    const at = toPicture(axes, { x, y: 0.12 });
    const column = Math.min(width - 1, Math.max(0, Math.floor(at.x)));
    const row = Math.min(height - 1, Math.max(0, Math.floor(at.y)));
    sums.forEach((sum, channel) => {
      sums[channel] = sum + (rgb[3 * (row * width + column) + channel] ?? 0);
    });
  }
  return hex(sums.map((sum) => sum / 3));
}
