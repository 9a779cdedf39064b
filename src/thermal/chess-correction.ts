import { THERMAL_COLUMNS, THERMAL_PIXELS, THERMAL_ROWS } from '../domain/thermogram.ts';

/** Takes the offset between the two subpages out of pictures. */
export interface ChessCorrection {
  /**
   * Learns from a picture; not from one in which something moves, for its subpages were seen at different times.
   * @param toC 768 uncorrected temperatures in the sensor's own order, degC
   * @param subpage the one that has just been decoded
   */
  learn(toC: Float64Array, subpage: 0 | 1): void;
  /** Corrects a picture in place: each subpage by half of the offset, so that its mean stays. */
  apply(toC: Float64Array): void;
  /** Forgets what was learnt. */
  restart(): void;
}

/** Pictures that the offset is averaged over, and that are seen before it is used. */
const AVERAGED = 12;
const NEEDED = 8;
/** A pixel that changes by more between two readings of it shows something moving, not noise, degC. */
const MOVED_C = 2;
/** So many moving pixels are no outliers any more. */
const MOVED_PIXELS = 4;
/** Pictures in a row without a movement from which the scene counts as still. */
const STILL = 4;
/** More than any sensor was seen to have, degC. */
const LARGEST_C = 1;

/** Interior pixels: those with four neighbours of the other subpage. */
const INTERIOR: readonly number[] = Array.from({ length: THERMAL_PIXELS }, (_, pixel) => pixel).filter(
  (pixel) => {
    const [row, column] = [Math.floor(pixel / THERMAL_COLUMNS), pixel % THERMAL_COLUMNS];
    return row > 0 && row < THERMAL_ROWS - 1 && column > 0 && column < THERMAL_COLUMNS - 1;
  },
);

/**
 * The two subpages of a chess pattern differ by an offset of their own, 0.004 to 0.3 degC on real sensors. It is the
 * median difference of a pixel to its four neighbours, which the scene's own edges do not move, as a slow average
 * (melexis/mlx90640-library, issue 51).
 */
export function createChessCorrection(): ChessCorrection {
  /** Subpage 0 over subpage 1, degC. */
  let offsetC = 0;
  let pictures = 0;
  let stillFor = 0;
  const before = new Float64Array(THERMAL_PIXELS).fill(Number.NaN);

  const moves = (toC: Float64Array, subpage: 0 | 1): boolean => {
    let moved = 0;
    for (let pixel = 0; pixel < THERMAL_PIXELS; pixel++) {
      if (subpageOf(pixel) !== subpage) continue;
      // Not true of a pixel never seen before (NaN), which does not move.
      if (Math.abs(at(toC, pixel) - at(before, pixel)) > MOVED_C) moved++;
      before[pixel] = at(toC, pixel);
    }
    return moved > MOVED_PIXELS;
  };

  return {
    learn(toC, subpage) {
      stillFor = moves(toC, subpage) ? 0 : stillFor + 1;
      if (stillFor < STILL) return;
      const seenC = offsetIn(toC);
      if (Number.isNaN(seenC)) return;
      pictures++;
      const clamped = Math.max(-LARGEST_C, Math.min(LARGEST_C, seenC));
      offsetC += (clamped - offsetC) / Math.min(pictures, AVERAGED);
    },
    apply(toC) {
      if (pictures < NEEDED) return;
      for (let pixel = 0; pixel < THERMAL_PIXELS; pixel++) {
        toC[pixel] = at(toC, pixel) + (subpageOf(pixel) === 0 ? -offsetC / 2 : offsetC / 2);
      }
    },
    restart() {
      pictures = 0;
      stillFor = 0;
      offsetC = 0;
      before.fill(Number.NaN);
    },
  };
}

/** Median difference between the pixels of subpage 0 and their neighbours; NaN when some pixels are not known. */
function offsetIn(toC: Float64Array): number {
  const differences = Float64Array.from(INTERIOR, (pixel) => {
    const neighbours =
      at(toC, pixel - 1) +
      at(toC, pixel + 1) +
      at(toC, pixel - THERMAL_COLUMNS) +
      at(toC, pixel + THERMAL_COLUMNS);
    const difference = at(toC, pixel) - neighbours / 4;
    return subpageOf(pixel) === 0 ? difference : -difference;
  }).sort();
  // NaN sorts last.
  const known = differences.findLastIndex((difference) => !Number.isNaN(difference)) + 1;
  return known < INTERIOR.length / 2 ? Number.NaN : at(differences, Math.floor(known / 2));
}

function subpageOf(pixel: number): 0 | 1 {
  return ((Math.floor(pixel / THERMAL_COLUMNS) + pixel) & 1) === 0 ? 0 : 1;
}

function at(toC: Float64Array, pixel: number): number {
  return toC[pixel] ?? Number.NaN;
}
