import type { MaskState } from '../domain/face.ts';
import type { Rect } from '../domain/geometry.ts';
import type { ThermalRegion } from '../domain/thermal-region.ts';
import type { Reading } from '../domain/visit.ts';
import { coveredMeanC, type FacePixel, medianOf, pixelsUnder, withoutOutliers } from './face-pixels.ts';
import { type FaceSamples, noiseOf } from './face-samples.ts';
import { hottestShare } from './hottest-share.ts';
import { type SpotSizeTables, spotSizeAt } from './spot-size.ts';

/** How the sensor's picture of a face is turned into a temperature. */
export type ThermometryParams = Readonly<{
  spotSize: SpotSizeTables;
  /** Standard uncertainty that averaging does not reduce (calibration, slow drift of the sensor), degC. */
  systematicUncertaintyC: number;
  /** What one sample of a pixel that sees skin scatters by, as the datasheet says, degC: before the samples tell. */
  sampleNoiseC: number;
  /** The installer's offset, degC: the last thing added to a reading, and the only one that is not measured. */
  offsetC: number;
}>;

/** Why a region has no reading. */
export type NoReading = 'too-few-pixels' | 'too-few-samples' | 'no-heat' | 'covered';

export type FaceTemperature =
  | Readonly<{
      kind: 'reading';
      reading: Reading;
      /** The part of its uncertainty that more samples reduce, degC. */
      noiseC: number;
    }>
  | Readonly<{ kind: 'none'; reason: NoReading }>;

/** The upper face is read without this much of its rim, face widths: hair, temples and the box's scatter. */
const RIM_FACE_WIDTHS = 0.05;
/** What an adult's upper face covers at 1 m through the narrow lens, at the least, pixels. */
const MINIMUM_COVER = 7;
/** Share of the region that must have samples: what a lamp or dead pixels hide tells nothing. */
const MINIMUM_COVERAGE = 0.75;
const MINIMUM_FREEDOM = 10;
/** The expected noise counts as much as so many degrees of freedom of the samples' own. */
const EXPECTED_FREEDOM = 30;
/** A living face is warmer than this even when it comes in from the cold, and far above a photo held up, degC. */
const LIVING_SKIN_C = 29;
/** The eyes are at the lower end of the upper face. */
const EYES_FROM = 0.55;
const EYES_WIDTH = 0.8;
/** The eyes' band is so much colder than the hottest share without glasses too, degC. */
export const EYES_BELOW_C = 0.6;
/** Of the noise's lift, so much remains unknown. */
const LIFT_UNCERTAINTY = 0.5;

/**
 * Face surface temperature at its hottest spot (the inner eye corners), from the hottest share of the time-averaged upper
 * face; the region ends at a mask's edge whether there is one or not. Three effects are taken back: noise lifts the mean
 * of the hottest pixels, the lens' spot size lowers it, and glasses lower it further. All follow the face's own pixels one
 * to one: nothing pulls a reading towards normal.
 */
export function faceTemperature(
  samples: FaceSamples,
  params: ThermometryParams,
  mask: MaskState = 'unsure',
): FaceTemperature {
  const { region } = samples;
  const found = skinReading(samples, region, params.sampleNoiseC);
  if ('reason' in found) return { kind: 'none', reason: found.reason };
  const { share, pixels, eyes, variance } = found;

  const spot = spotSizeAt(params.spotSize, region.face.width, mask);
  const eyesC = coveredMeanC(eyes);
  const glassesC = spot.glasses * Math.max(0, share.temperatureC - eyesC - EYES_BELOW_C);
  const noiseC = Math.sqrt(
    pixels.reduce((sum, one, place) => sum + ((share.weights[place] ?? 0) ** 2 * variance) / one.samples, 0),
  );
  const temperatureC = share.temperatureC - share.noiseLiftC + spot.lossC + glassesC + params.offsetC;
  // What is taken back for glasses grows with the reading, and so does its noise.
  const readingNoiseC = glassesC > 0 ? (1 + spot.glasses) * noiseC : noiseC;
  const uncertaintyC = Math.hypot(
    readingNoiseC,
    LIFT_UNCERTAINTY * share.noiseLiftC,
    spot.glassesSpread * glassesC,
    spot.spreadC,
    params.systematicUncertaintyC,
  );
  return { kind: 'reading', reading: { temperatureC, uncertaintyC }, noiseC: readingNoiseC };
}

/** What a face's samples say before any correction that needs to know the optics; `sampleNoiseC` as in the parameters. */
export function skinReading(samples: FaceSamples, region: ThermalRegion, sampleNoiseC: number) {
  const rect = withoutRim(region);
  const covered = pixelsUnder(rect, samples);
  const noise = noiseOf(
    samples,
    covered.map(({ pixel }) => pixel),
  );
  if (rect.width * rect.height < MINIMUM_COVER) return { reason: 'too-few-pixels' as const };
  if (noise.freedom < MINIMUM_FREEDOM) return { reason: 'too-few-samples' as const };
  const variance = believedVariance(noise, sampleNoiseC);
  const pixels = withoutOutliers(covered, samples, variance);
  const eyesRect = eyesBand(region.upperFace);
  const eyes = pixelsUnder(eyesRect, samples);
  if (!mostlySeen(pixels, rect) || !mostlySeen(eyes, eyesRect)) return { reason: 'covered' as const };
  if (!(medianOf(pixels.map(({ meanC }) => meanC)) >= LIVING_SKIN_C)) return { reason: 'no-heat' as const };
  const share = hottestShare(pixels, region.face.width, variance);
  return { share, pixels, eyes, variance };
}

/**
 * Some ten pixels seen two or three times tell their noise to a third only, and two uncertainties would then hold the
 * truth in 92 instead of 95 %: the expected noise counts as well.
 */
function believedVariance({ variance, freedom }: ReturnType<typeof noiseOf>, sampleNoiseC: number): number {
  return (freedom * variance + EXPECTED_FREEDOM * sampleNoiseC ** 2) / (freedom + EXPECTED_FREEDOM);
}

function withoutRim({ face, upperFace }: ThermalRegion): Rect {
  const rim = RIM_FACE_WIDTHS * face.width;
  return {
    x: upperFace.x + rim,
    y: upperFace.y + rim,
    width: upperFace.width - 2 * rim,
    // The lower side lies on skin, or is the mask's line already.
    height: upperFace.height - rim,
  };
}

function eyesBand({ x, y, width, height }: Rect): Rect {
  return {
    x: x + ((1 - EYES_WIDTH) / 2) * width,
    y: y + EYES_FROM * height,
    width: EYES_WIDTH * width,
    height: (1 - EYES_FROM) * height,
  };
}

function mostlySeen(pixels: readonly FacePixel[], { width, height }: Rect): boolean {
  const cover = pixels.reduce((sum, one) => sum + one.cover, 0);
  return cover >= MINIMUM_COVERAGE * width * height;
}
