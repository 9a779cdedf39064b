import sharp from 'sharp';
import { yuvOf } from './yuv.ts';

/** A picture without anybody in it, RGB, for cameras of any size to sample. */
export type Backdrop = Readonly<{ width: number; height: number; data: Uint8Array; channels: number }>;

const WIDTH = 640;
const HEIGHT = 480;

/** A softly lit entrance. */
export async function drawBackdrop(): Promise<Backdrop> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 640 480" preserveAspectRatio="none"><defs>
<linearGradient id="wall" x1="0" x2="1" y1="0" y2="0.5"><stop offset="0" stop-color="#8f9088"/><stop offset="0.5" stop-color="#c3c2b8"/><stop offset="1" stop-color="#9b9b92"/></linearGradient>
<linearGradient id="out" x1="0" x2="0" y1="0" y2="1"><stop offset="0" stop-color="#dfe7ea"/><stop offset="0.6" stop-color="#c2ccc9"/><stop offset="1" stop-color="#9ca39b"/></linearGradient>
<linearGradient id="floor" x1="0" x2="0" y1="0" y2="1"><stop offset="0" stop-color="#8b877d"/><stop offset="1" stop-color="#5f5c56"/></linearGradient>
<filter id="far"><feGaussianBlur stdDeviation="3"/></filter><filter id="near"><feGaussianBlur stdDeviation="10"/></filter></defs>
<g filter="url(#far)"><rect x="-20" y="-20" width="680" height="520" fill="url(#wall)"/>
<rect x="196" y="34" width="248" height="400" fill="#6d6a62"/><rect x="208" y="46" width="224" height="388" fill="url(#out)"/>
<rect x="208" y="300" width="224" height="134" fill="#98a091"/><rect x="316" y="46" width="8" height="388" fill="#77746c"/>
<rect x="208" y="246" width="224" height="7" fill="#77746c"/><rect x="-20" y="418" width="680" height="90" fill="url(#floor)"/>
<path d="M208 434 L120 480 L520 480 L432 434 Z" fill="#c9c8bd" opacity="0.5"/>
<rect x="66" y="150" width="74" height="98" fill="#7f8d8a"/><rect x="72" y="156" width="62" height="86" fill="#b8c3bd"/>
<rect x="512" y="120" width="60" height="150" rx="4" fill="#85837a"/></g>
<ellipse cx="320" cy="-30" rx="420" ry="120" fill="#ffffff" opacity="0.18" filter="url(#near)"/><ellipse cx="320" cy="500" rx="420" ry="80" fill="#000000" opacity="0.2" filter="url(#near)"/></svg>`;
  const { data, info } = await sharp(Buffer.from(svg))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data, channels: info.channels };
}

/** The backdrop as a camera's I420 picture, stretched to its size. Both sides even. */
export function backdropI420(backdrop: Backdrop, width: number, height: number): Uint8Array {
  const picture = new Uint8Array((width * height * 3) / 2);
  const chroma = width * height;
  // The nearest pixel will do: the drawing is blurred throughout.
  const at = (column: number, row: number): number =>
    Math.floor(((row + 0.5) * backdrop.height) / height) * backdrop.width +
    Math.floor(((column + 0.5) * backdrop.width) / width);
  for (let index = 0; index < chroma; index++) {
    picture[index] = Math.round(yuvOf(backdrop, at(index % width, Math.floor(index / width))).y);
  }
  for (let index = 0; index < chroma / 4; index++) {
    const { u, v } = yuvOf(backdrop, at(2 * (index % (width / 2)), 2 * Math.floor(index / (width / 2))));
    picture[chroma + index] = Math.round(u);
    picture[chroma + chroma / 4 + index] = Math.round(v);
  }
  return picture;
}
