import { THERMAL_COLUMNS, THERMAL_PIXELS, type Thermogram } from '../domain/thermogram.ts';
import { createChessCorrection } from './chess-correction.ts';
import { correctBadPixels } from './mlx90640/bad-pixels.ts';
import type { Calibration } from './mlx90640/calibration.ts';
import { checkSubpage, type RawSubpage } from './mlx90640/raw-subpage.ts';
import { subpagePeriodMs, WORD } from './mlx90640/registers.ts';
import { createTemperatureDecoder, readOutOf } from './mlx90640/temperature.ts';
import { createSettling } from './settling.ts';
import { createSlowAverage } from './slow-average.ts';
import { createSubpagePlausibility } from './subpage-plausibility.ts';

/** How thermograms are made. */
export type AssemblerOptions = Readonly<{
  /** 0..1; skin 0.98. */
  emissivity: number;
  /** Temperature of what the skin reflects, degC; null: 8 K below the die. */
  reflectedC: number | null;
  /** True when the picture's columns are to be reversed against the sensor's: seen from behind, column 1 is on the right. */
  mirrored: boolean;
  /** When the sensor got its supply, ms on the clock of the subpages. */
  poweredOnAtMs: number;
  /** How long it then needs to settle, ms; 4 minutes when absent. */
  warmUpMs?: number;
}>;

/** What became of one raw subpage. */
export type AssembledResult =
  | Readonly<{ kind: 'thermogram'; thermogram: Thermogram }>
  /** Decoded, but the other subpage is missing or too old. */
  | Readonly<{ kind: 'pending' }>
  | Readonly<{ kind: 'rejected'; reason: string }>;

/** Turns raw subpages into thermograms. The same subpages give the same thermograms, bit for bit. */
export interface ThermogramAssembler {
  accept(raw: RawSubpage): AssembledResult;
}

/** Datasheet: thermal stabilisation takes up to 4 minutes. */
const DEFAULT_WARM_UP_MS = 240_000;
/** One count of the PTAT word moves every pixel by 0.1 K, so the common values are averaged over subpages. */
const AVERAGED_SUBPAGES = 16;
const TA_JUMP_K = 0.5;
const VDD_JUMP_V = 0.05;
/** Age from which the other subpage shows another scene, periods. */
const STALE_PERIODS = 4;
/** Gap in the subpages from which averages and settling start afresh, ms. */
const GAP_MS = 10_000;

export function createThermogramAssembler(
  calibration: Calibration,
  options: AssemblerOptions,
): ThermogramAssembler {
  const decoder = createTemperatureDecoder(calibration);
  const plausibility = createSubpagePlausibility();
  const settling = createSettling(options.poweredOnAtMs, options.warmUpMs ?? DEFAULT_WARM_UP_MS);
  const taAverage = createSlowAverage(AVERAGED_SUBPAGES, TA_JUMP_K);
  const vddAverage = createSlowAverage(AVERAGED_SUBPAGES, VDD_JUMP_V);
  const interpolated = maskOf(calibration, options.mirrored);
  const chess = createChessCorrection();
  const sensorC = new Float64Array(THERMAL_PIXELS).fill(Number.NaN);
  const decodedAtMs = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let lastMs = Number.NEGATIVE_INFINITY;

  const forgetAverages = (): void => {
    taAverage.restart();
    vddAverage.restart();
    chess.restart();
    decodedAtMs.fill(Number.NEGATIVE_INFINITY);
  };

  const startAfreshAfterGap = (atMs: number): void => {
    const gapMs = atMs - lastMs;
    if (gapMs <= GAP_MS && gapMs >= 0) return;
    forgetAverages();
    plausibility.restart();
    if (Number.isFinite(lastMs)) settling.restart();
  };

  return {
    accept({ words, atMs }) {
      const check = checkSubpage(words, calibration, decoder);
      if (!check.ok) return { kind: 'rejected', reason: `${check.code}: ${check.reason}` };
      if (readOutOf(words) !== 'chess') {
        return { kind: 'rejected', reason: 'read-out: interleaved, chess expected' };
      }
      startAfreshAfterGap(atMs);
      lastMs = atMs;
      const { fault, restarted } = plausibility.judge(check.taC, check.gainRatio);
      if (fault !== null) return { kind: 'rejected', reason: `step: ${fault}` };
      if (restarted) forgetAverages();

      const taC = taAverage.accept(check.taC);
      const vddV = vddAverage.accept(check.vddV);
      const settled = settling.accept(atMs, taC);
      decoder.toC(
        words,
        { taC, vddV, emissivity: options.emissivity, reflectedC: options.reflectedC },
        sensorC,
      );
      const subpage = words[WORD.subpage] === 1 ? 1 : 0;
      decodedAtMs[subpage] = atMs;
      const otherAgeMs = atMs - (decodedAtMs[1 - subpage] ?? Number.NEGATIVE_INFINITY);
      if (otherAgeMs > STALE_PERIODS * subpagePeriodMs(words[WORD.control] ?? 0)) return { kind: 'pending' };

      correctBadPixels(sensorC, calibration, 'chess');
      chess.learn(sensorC, subpage);
      const correctedC = sensorC.slice();
      chess.apply(correctedC);
      const toC = pictureOf(correctedC, options.mirrored);
      const { mirrored } = options;
      return {
        kind: 'thermogram',
        thermogram: { atMs, subpage, mirrored, toC, interpolated, taC, vddV, settled },
      };
    },
  };
}

/** A picture from the sensor's pixels. */
function pictureOf(sensorC: Float64Array, mirrored: boolean): Float32Array {
  const picture = Float32Array.from(sensorC);
  if (mirrored) reverseColumns(picture);
  return picture;
}

/** 1 where the calibration marks a pixel as deviating. */
function maskOf({ broken, outlier }: Calibration, mirrored: boolean): Uint8Array {
  const mask = new Uint8Array(THERMAL_PIXELS);
  for (const pixel of [...broken, ...outlier]) mask[pixel] = 1;
  if (mirrored) reverseColumns(mask);
  return mask;
}

function reverseColumns(picture: Float32Array | Uint8Array): void {
  for (let start = 0; start < picture.length; start += THERMAL_COLUMNS) {
    picture.subarray(start, start + THERMAL_COLUMNS).reverse();
  }
}
