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

const PROMPTS: Readonly<Record<Signal, string>> = {
  idle: 'ready',
  'look-here': 'look here · 여기를 보세요',
  'come-closer': 'come closer · 가까이 오세요',
  'step-back': 'step back · 뒤로 물러나세요',
  'one-at-a-time': 'one at a time · 한 분씩',
  'hold-still': 'hold still · 움직이지 마세요',
  measuring: 'measuring · 측정 중',
  'second-look': 'one more look · 다시 확인합니다',
  normal: 'normal · 정상',
  recheck: 'recheck: clinical thermometer, please · 재확인',
  elevated: 'elevated: clinical thermometer and a human, please · 직원 확인',
  'warming-up': 'warming up · 준비 중',
  'out-of-service': 'out of service · 사용 중지',
};

const SHOWN_VISITS = 8;
const COOLEST_C = 20;
const HOTTEST_C = 38;
/** Upper half block: its ink is the upper pixel, its paper the lower one. */
const HALF_BLOCK = '▀';
/** One thermal pixel is two characters wide and one half block high: nearly square in most terminals. */
const PIXEL = HALF_BLOCK.repeat(2);

export function openLiveView(stream: NodeJS.WriteStream): LiveView {
  const update = createLogUpdate(stream);
  return {
    draw: (scene) => update(renderScene(scene)),
    close: () => update.done(),
  };
}

/** The scene as coloured text. */
function renderScene(scene: LiveScene): string {
  const picture =
    scene.thermogram === null ? ['no thermal picture yet'] : thermalRows(scene.thermogram, scene.face);
  const side = [
    chalk.bold(`${(scene.atMs / 1000).toFixed(1)} s`),
    '',
    `${lamp(scene.lines.red, chalk.redBright)} red`,
    `${lamp(scene.lines.yellow, chalk.yellowBright)} yellow`,
    `${lamp(scene.lines.green, chalk.greenBright)} green`,
    scene.lines.toneHz > 0 ? `♪ ${scene.lines.toneHz} Hz` : chalk.dim('♪ silent'),
    '',
    chalk.bold(PROMPTS[scene.signal]),
  ];
  const rows = picture.map((row, index) => `${row}  ${side[index] ?? ''}`);
  return [...rows, '', ...scene.visits.slice(-SHOWN_VISITS)].join('\n');
}

function lamp(on: boolean, ink: (text: string) => string): string {
  return on ? ink('●') : chalk.dim('○');
}

function thermalRows(thermogram: Thermogram, face: Rect | null): readonly string[] {
  return Array.from({ length: THERMAL_ROWS / 2 }, (_, pair) =>
    Array.from({ length: THERMAL_COLUMNS }, (_, column) => {
      const [ur, ug, ub] = pixelColour(thermogram, face, 2 * pair, column);
      const [lr, lg, lb] = pixelColour(thermogram, face, 2 * pair + 1, column);
      return chalk.rgb(ur, ug, ub).bgRgb(lr, lg, lb)(PIXEL);
    }).join(''),
  );
}

function pixelColour(
  thermogram: Thermogram,
  face: Rect | null,
  row: number,
  column: number,
): readonly [number, number, number] {
  if (face !== null && onEdge(face, row, column)) return [120, 255, 255];
  return thermalColour(thermogram.toC[row * THERMAL_COLUMNS + column] ?? Number.NaN, COOLEST_C, HOTTEST_C);
}

function onEdge(rect: Rect, row: number, column: number): boolean {
  const left = Math.round(rect.x);
  const right = Math.round(rect.x + rect.width) - 1;
  const top = Math.round(rect.y);
  const bottom = Math.round(rect.y + rect.height) - 1;
  const inside = column >= left && column <= right && row >= top && row <= bottom;
  return inside && (column === left || column === right || row === top || row === bottom);
}
