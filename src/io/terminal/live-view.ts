import chalk from 'chalk';
import { createLogUpdate } from 'log-update';
import type { Rect } from '../../domain/geometry.ts';
import { thermalColour } from '../../domain/palette.ts';
import type { Signal } from '../../domain/signal.ts';
import { THERMAL_COLUMNS, THERMAL_ROWS, type Thermogram } from '../../domain/thermogram.ts';

/** What the live view shows of the gate at one moment. */
export type LiveScene = Readonly<{
  atMs: number;
  thermogram: Thermogram | null;
  /** Where the face lies in the thermal picture, thermal pixels. */
  face: Rect | null;
  signal: Signal;
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

/** What the gate says to the visitor: English, Korean. */
const PROMPTS: Readonly<Record<Signal, readonly [string, string]>> = {
  idle: ['ready', '대기 중'],
  'look-here': ['look here', '여기를 보세요'],
  'come-closer': ['come closer', '가까이 오세요'],
  'step-back': ['step back', '뒤로 물러나세요'],
  'one-at-a-time': ['one at a time', '한 분씩 오세요'],
  'move-to-middle': ['stand in the middle', '가운데로 서 주세요'],
  'hold-still': ['hold still', '움직이지 마세요'],
  measuring: ['measuring', '측정 중'],
  'second-look': ['one more look', '다시 확인합니다'],
  normal: ['normal', '정상'],
  recheck: ['recheck with a thermometer', '체온계로 재확인'],
  elevated: ['elevated: thermometer, human', '높음: 체온계와 직원 확인'],
  'wait-indoors': ['wait five minutes indoors', '실내에서 5분 기다려 주세요'],
  'check-equipment': ['check the equipment', '장비를 점검하세요'],
  'warming-up': ['warming up', '준비 중'],
  'out-of-service': ['out of service', '사용 중지'],
};

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
