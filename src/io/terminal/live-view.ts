import chalk from 'chalk';
import { createLogUpdate } from 'log-update';
import type { Rect } from '../../domain/geometry.ts';
import { thermalColour } from '../../domain/palette.ts';
import type { Signal } from '../../domain/signal.ts';
import { THERMAL_COLUMNS, THERMAL_ROWS, type Thermogram } from '../../domain/thermogram.ts';
import { PROMPTS } from './prompts.ts';

/** What the live view shows of the gate at one moment. */
export type LiveScene = Readonly<{
  atMs: number;
  thermogram: Thermogram | null;
  /** Where the face lies in the thermal picture, thermal pixels. */
  face: Rect | null;
  signal: Signal;
  /** Of the visit whose result is shown, so that the visitor can ask for it; null while none is. */
  visitNumber: number | null;
  lines: Readonly<{ red: boolean; yellow: boolean; green: boolean; toneHz: number }>;
  /** Newest last. */
  visits: readonly string[];
}>;

/** Draws the gate in the terminal, over and over in the same place. */
export interface LiveView {
  draw(scene: LiveScene): void;
  /** Leaves the last picture standing and gives the terminal back. */
  close(): void;
}

const SHOWN_VISITS = 8;
const COOLEST_C = 20;
const HOTTEST_C = 38;
/** Upper half block: its ink is the upper dot, its paper the lower one, so dots are nearly square. */
const HALF_BLOCK = '▀';
const FACE_BOX: Colour = [120, 255, 255];
/** Terminal rows from which the picture is drawn at twice the size. */
const ROWS_FOR_LARGE = 36;

type Colour = readonly [number, number, number];

export function openLiveView(stream: NodeJS.WriteStream): LiveView {
  const update = createLogUpdate(stream);
  return {
    draw: (scene) => update(renderScene(scene, stream.rows >= ROWS_FOR_LARGE ? 2 : 1)),
    close: () => update.done(),
  };
}

/** The scene as coloured text; `scale` dots a thermal pixel and axis. */
function renderScene(scene: LiveScene, scale: number): string {
  const picture =
    scene.thermogram === null ? ['no thermal picture yet'] : pictureRows(scene.thermogram, scene.face, scale);
  const [english, korean] = PROMPTS[scene.signal];
  const side = [
    chalk.bold(`${(scene.atMs / 1000).toFixed(1)} s`),
    '',
    `${lamp(scene.lines.red, chalk.redBright)} red`,
    `${lamp(scene.lines.yellow, chalk.yellowBright)} yellow`,
    `${lamp(scene.lines.green, chalk.greenBright)} green`,
    scene.lines.toneHz > 0 ? `♪ ${scene.lines.toneHz} Hz` : chalk.dim('♪ silent'),
    '',
    chalk.bold(english),
    chalk.bold(korean),
    ...(scene.visitNumber === null
      ? []
      : [`visit No. ${scene.visitNumber}`, `방문 번호 ${scene.visitNumber}`]),
  ];
  const rows = picture.map((row, index) => `${row}  ${side[index] ?? ''}`);
  return [...rows, '', ...scene.visits.slice(-SHOWN_VISITS)].join('\n');
}

function lamp(on: boolean, ink: (text: string) => string): string {
  return on ? ink('●') : chalk.dim('○');
}

function pictureRows(thermogram: Thermogram, face: Rect | null, scale: number): readonly string[] {
  const colour = (x: number, y: number): Colour =>
    face !== null && onEdge(face, x, y, scale) ? FACE_BOX : dotColour(thermogram, x / scale, y / scale);
  return Array.from({ length: (THERMAL_ROWS * scale) / 2 }, (_, pair) =>
    Array.from({ length: THERMAL_COLUMNS * scale }, (_, x) => {
      const upper = colour(x + 0.5, 2 * pair + 0.5);
      const lower = colour(x + 0.5, 2 * pair + 1.5);
      return chalk.rgb(...upper).bgRgb(...lower)(HALF_BLOCK);
    }).join(''),
  );
}

/** Colour at a place of the picture, thermal pixels; between pixel centres bilinear. */
function dotColour({ toC }: Thermogram, x: number, y: number): Colour {
  const column = Math.max(0, Math.min(THERMAL_COLUMNS - 2, Math.floor(x - 0.5)));
  const row = Math.max(0, Math.min(THERMAL_ROWS - 2, Math.floor(y - 0.5)));
  const right = Math.max(0, Math.min(1, x - 0.5 - column));
  const down = Math.max(0, Math.min(1, y - 0.5 - row));
  const at = (dx: number, dy: number): number =>
    toC[(row + dy) * THERMAL_COLUMNS + column + dx] ?? Number.NaN;
  const valueC =
    (at(0, 0) * (1 - right) + at(1, 0) * right) * (1 - down) +
    (at(0, 1) * (1 - right) + at(1, 1) * right) * down;
  return thermalColour(valueC, COOLEST_C, HOTTEST_C);
}

/** Whether a dot lies on the outline of the face, one dot thick. */
function onEdge(face: Rect, x: number, y: number, scale: number): boolean {
  const left = Math.round(face.x * scale);
  const right = Math.round((face.x + face.width) * scale);
  const top = Math.round(face.y * scale);
  const bottom = Math.round((face.y + face.height) * scale);
  const inside = x > left && x < right && y > top && y < bottom;
  return inside && (x < left + 1 || x > right - 1 || y < top + 1 || y > bottom - 1);
}
