import { Command, InvalidArgumentError } from 'commander';
import { THERMAL_PIXELS } from '../domain/thermogram.ts';
import { writeRgbPng } from '../io/image/png.ts';
import type { Calibration } from '../thermal/mlx90640/calibration.ts';
import { checkEeprom } from '../thermal/mlx90640/eeprom-check.ts';
import { checkSubpage } from '../thermal/mlx90640/raw-subpage.ts';
import { WORD } from '../thermal/mlx90640/registers.ts';
import { createTemperatureDecoder } from '../thermal/mlx90640/temperature.ts';
import { CommandError } from './command-error.ts';
import { readRawFrames } from './raw-frames-file.ts';
import { drawThermalPicture } from './thermal-picture.ts';

type DecodeOptions = Readonly<{ emissivity: number; reflected?: number; image?: string }>;

/** Screen pixels a thermal pixel is drawn as. */
const SCALE = 20;
/** A millionth: finer than the arithmetic, short enough to read. */
const DECIMALS = 1e6;

/** `fevergate decode FILE`: raw MLX90640 subpages to temperatures, one JSON line each, nothing filtered or corrected. */
export function decodeCommand(): Command {
  return new Command('decode')
    .description('decode raw MLX90640 subpages to temperatures, one JSON line each')
    .argument('<file>', 'JSON: { "eeprom": [832 words], "frames": [[834 words], ...] }')
    .option('--emissivity <0..1>', 'emissivity of what is seen', emissivityOf, 0.98)
    .option('--reflected <degC>', 'reflected temperature (default: 8 K below the die)', celsiusOf)
    .option('--image <file.png>', 'draw the last subpage of each number into one picture')
    .action(decode);
}

async function decode(path: string, options: DecodeOptions): Promise<void> {
  const { eeprom, frames } = await readRawFrames(path);
  const check = checkEeprom(eeprom);
  if (!check.ok) throw new CommandError(`${path}: EEPROM refused: ${check.code}: ${check.reason}`);
  const pictureC = new Float64Array(THERMAL_PIXELS).fill(Number.NaN);
  const decodeFrame = frameDecoder(check.calibration, options);
  frames.forEach((words, index) => {
    const { line, toC, doubt } = decodeFrame(words);
    if (doubt !== null) process.stderr.write(`frames[${index}]: ${doubt}\n`);
    process.stdout.write(`${JSON.stringify(line)}\n`);
    toC.forEach((value, pixel) => {
      if (!Number.isNaN(value)) pictureC[pixel] = value;
    });
  });
  if (options.image !== undefined) await drawTo(options.image, pictureC);
}

/** One line of output. */
type DecodedLine = Readonly<{
  subpage: number;
  vddV: number | null;
  taC: number | null;
  /** Null for the other subpage's pixels, and where there is no real result. */
  toC: readonly (number | null)[];
  brokenPixels: readonly number[];
  outlierPixels: readonly number[];
}>;

type DecodedFrame = Readonly<{ line: DecodedLine; toC: Float64Array; doubt: string | null }>;

function frameDecoder(
  calibration: Calibration,
  { emissivity, reflected }: DecodeOptions,
): (words: Uint16Array) => DecodedFrame {
  const decoder = createTemperatureDecoder(calibration);
  return (words) => {
    const vddV = decoder.vddV(words);
    const taC = decoder.taC(words, vddV);
    const toC = new Float64Array(THERMAL_PIXELS).fill(Number.NaN);
    decoder.toC(words, { vddV, taC, emissivity, reflectedC: reflected ?? null }, toC);
    const check = checkSubpage(words, calibration, decoder);
    const line = {
      subpage: words[WORD.subpage] ?? 0,
      vddV: rounded(vddV),
      taC: rounded(taC),
      toC: Array.from(toC, rounded),
      brokenPixels: calibration.broken,
      outlierPixels: calibration.outlier,
    };
    return { line, toC, doubt: check.ok ? null : `${check.code}: ${check.reason}` };
  };
}

function rounded(value: number): number | null {
  return Number.isFinite(value) ? Math.round(value * DECIMALS) / DECIMALS : null;
}

async function drawTo(path: string, toC: Float64Array): Promise<void> {
  const { width, height, rgb, minC, maxC } = drawThermalPicture(toC, SCALE);
  try {
    await writeRgbPng(path, width, height, rgb);
  } catch (error) {
    throw new CommandError(
      `${path}: cannot be written: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  process.stderr.write(`${path}: ${minC.toFixed(2)} (dark) to ${maxC.toFixed(2)} degC (bright)\n`);
}

function emissivityOf(text: string): number {
  const value = numberOf(text);
  if (value > 0 && value <= 1) return value;
  throw new InvalidArgumentError('more than 0 and at most 1 expected.');
}

function celsiusOf(text: string): number {
  const value = numberOf(text);
  if (value > -273.15 && value < 1000) return value;
  throw new InvalidArgumentError('degrees Celsius expected.');
}

function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}
