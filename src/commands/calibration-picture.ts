import { writeFile } from 'node:fs/promises';
import { headViewOf, mountOf } from '../app/gate-params.ts';
import type { Walk, WalkPicture } from '../app/walk-watcher.ts';
import type { Config } from '../config/schema.ts';
import type { Rect } from '../domain/geometry.ts';
import type { Mount } from '../domain/optics.ts';
import { thermalColour } from '../domain/palette.ts';
import { THERMAL_COLUMNS, THERMAL_PIXELS, THERMAL_ROWS } from '../domain/thermogram.ts';
import { writeSvgPng } from '../io/image/png.ts';
import type { Calibration } from '../registration/calibration.ts';
import { displacementOf, type HeadView, missOf } from '../registration/head-model.ts';
import { createRegistration } from '../registration/registration.ts';
import { CommandError } from './command-error.ts';

/** Side of a thermal pixel, and of the scatter, picture pixels. */
const SCALE = 12;
const PLOT = 420;
const GAP = 24;
const TITLE = 34;
const PAGE = { width: 2 * THERMAL_COLUMNS * SCALE + 3 * GAP, ink: '#e8e8e8', paper: '#16181c' };
const OLD = '#ff8c5a';
const NEW = '#59e3ff';
const PICTURES = 3;
const FONT = 'font-family="DejaVu Sans, Noto Sans, sans-serif" font-size="15"';

/** Draws some thermal pictures with the face by the old and by the new geometry, and every residual. */
export async function drawCalibration(
  file: string,
  walk: Walk,
  calibration: Calibration,
  config: Config,
): Promise<void> {
  const svg = calibrationSvg(walk, calibration, mountOf(config), headViewOf(config));
  try {
    if (file.endsWith('.svg')) await writeFile(file, svg);
    else await writeSvgPng(file, svg);
  } catch (error) {
    throw new CommandError(`--out ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The drawing as SVG. */
function calibrationSvg(walk: Walk, { solution }: Calibration, configured: Mount, view: HeadView): string {
  const cellWidth = THERMAL_COLUMNS * SCALE;
  const cellHeight = THERMAL_ROWS * SCALE;
  const geometries = [
    { mount: configured, colour: OLD, dashes: '6 5' },
    { mount: solution.model.mount, colour: NEW, dashes: 'none' },
  ];
  const pictures = chosen(walk.pictures).map((picture, index) => {
    const boxes = geometries.map(({ mount, colour, dashes }) => {
      const region = createRegistration({ ...view, mount }).locate(picture.face);
      return region === null ? '' : boxSvg(region.face, colour, dashes);
    });
    const x = GAP + (index % 2) * (cellWidth + GAP);
    const y = TITLE + Math.floor(index / 2) * (cellHeight + GAP);
    return `<svg x="${x}" y="${y}" width="${cellWidth}" height="${cellHeight}">${thermalSvg(picture.toC)}${boxes.join('')}</svg>`;
  });
  const before = { ...solution.model, mount: configured };
  const dots = [
    { model: before, colour: OLD },
    { model: solution.model, colour: NEW },
  ].map(({ model, colour }) => ({
    colour,
    at: walk.pairs.flatMap(({ face, head }, index) => {
      const miss = missOf(model, face, head, view);
      return miss === null ? [] : [{ ...displacementOf(miss), used: solution.used[index] ?? false }];
    }),
  }));
  const height = TITLE + 2 * cellHeight + 2 * GAP + 40;
  const legend = [
    `<text x="${GAP}" y="22" fill="${PAGE.ink}" ${FONT}>face by the configured mount (<tspan fill="${OLD}">dashed, ${number(solution.residualBefore.rmsPx)} px off</tspan>) and by the solved one (<tspan fill="${NEW}">${number(solution.residual.rmsPx)} px off</tspan>)</text>`,
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${PAGE.width}" height="${height}" viewBox="0 0 ${PAGE.width} ${height}">`,
    `<rect width="100%" height="100%" fill="${PAGE.paper}"/>`,
    ...legend,
    ...pictures,
    `<g transform="translate(${GAP + cellWidth + GAP} ${TITLE + cellHeight + GAP})">${scatterSvg(dots, cellWidth, cellHeight)}</g>`,
    '</svg>',
  ].join('\n');
}

/** The nearest, the farthest and one between. */
function chosen(pictures: readonly WalkPicture[]): readonly WalkPicture[] {
  const byNearness = pictures.toSorted((a, b) => b.face.box.width - a.face.box.width);
  return Array.from(
    { length: Math.min(PICTURES, byNearness.length) },
    (_, index) => byNearness[Math.round((index * (byNearness.length - 1)) / (PICTURES - 1))],
  ).filter((picture) => picture !== undefined);
}

function thermalSvg(toC: Float32Array): string {
  const known = toC.filter((value) => !Number.isNaN(value));
  const [coldest, hottest] = [Math.min(...known), Math.max(...known)];
  return Array.from({ length: THERMAL_PIXELS }, (_, pixel) => {
    const colour = thermalColour(toC[pixel] ?? Number.NaN, coldest, hottest).join(' ');
    const x = (pixel % THERMAL_COLUMNS) * SCALE;
    const y = Math.floor(pixel / THERMAL_COLUMNS) * SCALE;
    return `<rect x="${x}" y="${y}" width="${SCALE}" height="${SCALE}" fill="rgb(${colour})"/>`;
  }).join('');
}

function boxSvg({ x, y, width, height }: Rect, colour: string, dashes: string): string {
  return `<rect x="${x * SCALE}" y="${y * SCALE}" width="${width * SCALE}" height="${height * SCALE}" fill="none" stroke="${colour}" stroke-width="2.5" stroke-dasharray="${dashes}"/>`;
}

type Dots = Readonly<{
  colour: string;
  at: readonly Readonly<{ across: number; down: number; used: boolean }>[];
}>;

/** Every head against where it was expected; circles at half a pixel, one pixel and whole pixels beyond. */
function scatterSvg(sets: readonly Dots[], width: number, height: number): string {
  const farthest = Math.max(
    1,
    ...sets.flatMap(({ at }) => at.map((one) => Math.hypot(one.across, one.down))),
  );
  const reach = Math.min(Math.ceil(farthest) + 0.5, 8);
  const pixel = Math.min(width, height, PLOT) / 2 / reach;
  const rings = [0.5, ...Array.from({ length: Math.floor(reach) }, (_, index) => index + 1)].map(
    (px) =>
      `<circle r="${px * pixel}" fill="none" stroke="${PAGE.ink}" stroke-opacity="0.35"/><text x="2" y="${-px * pixel - 3}" fill="${PAGE.ink}" fill-opacity="0.6" font-size="11" font-family="sans-serif">${px} px</text>`,
  );
  const dots = sets.flatMap(({ colour, at }) =>
    at.map(({ across, down, used }) => {
      const style = used ? `fill="${colour}" fill-opacity="0.75"` : `fill="none" stroke="${colour}"`;
      return `<circle cx="${(across * pixel).toFixed(1)}" cy="${(down * pixel).toFixed(1)}" r="3.2" ${style}/>`;
    }),
  );
  const axes = `<path d="M${-reach * pixel} 0H${reach * pixel}M0 ${-reach * pixel}V${reach * pixel}" stroke="${PAGE.ink}" stroke-opacity="0.35"/>`;
  return `<g transform="translate(${width / 2} ${height / 2})">${axes}${rings.join('')}${dots.join('')}</g><text x="${width / 2}" y="${height + 24}" text-anchor="middle" fill="${PAGE.ink}" ${FONT}>heads where expected; hollow: left out</text>`;
}

function number(px: number): string {
  return Number.isNaN(px) ? '?' : px.toFixed(2);
}
