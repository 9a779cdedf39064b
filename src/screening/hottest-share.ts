import type { FacePixel } from './face-pixels.ts';

/** Temperature of a face's hottest share, and how it hangs on its pixels. */
export type HottestShare = Readonly<{
  temperatureC: number;
  /** What noise lifts it by, on average, degC; still in `temperatureC`. */
  noiseLiftC: number;
  /** Weight of each given pixel in `temperatureC`; they sum to one. */
  weights: Float64Array;
}>;

/** Pixels are pooled with those around them, Gaussian, sd in face widths: the same skin at every distance. */
const POOLING_FACE_WIDTHS = 0.15;
/** Share of the pooled pixels, the hottest ones, whose mean is taken. */
const SHARE = 0.5;
/** Mean of the upper half of a normal distribution, in standard deviations: phi(0) / 0.5. */
const SHARE_MEAN = 0.798;
/**
 * A pixel so far below the hottest ones shows hair, glasses or the wall beside skin, degC, and fades out over some tenths
 * of a degree: nothing steps.
 */
const BELOW_SKIN_C = 1.5;
const FADE_C = 0.3;

/**
 * Mean of the hottest share of a region, its pixels pooled with their neighbours before they are ranked: ranking then
 * picks warm places, not noisy pixels. Colder things between skin fade out. Shifting every pixel shifts it as much.
 * @param variance of one sample of a pixel, degC squared
 */
export function hottestShare(
  pixels: readonly FacePixel[],
  faceWidthPx: number,
  variance: number,
): HottestShare {
  const skin = skinShares(pixels);
  const pooled = pool(pixels, skin, POOLING_FACE_WIDTHS * faceWidthPx);
  const taken = hottestOf(pooled.temperaturesC, skin);
  const weights = new Float64Array(pixels.length);
  let [temperatureC, total] = [0, 0];
  for (const [place, part] of taken.entries()) {
    if (part === 0) continue;
    total += part;
    temperatureC += part * (pooled.temperaturesC[place] ?? 0);
    for (let other = 0; other < pixels.length; other++) {
      weights[other] = (weights[other] ?? 0) + part * (pooled.kernel[place * pixels.length + other] ?? 0);
    }
  }
  return {
    temperatureC: temperatureC / total,
    noiseLiftC: noiseLiftC(pooled, pixels, skin, variance),
    weights: weights.map((weight) => weight / total),
  };
}

/** How much each pixel counts: its covered part, faded where it is too cold for skin. */
function skinShares(pixels: readonly FacePixel[]): Float64Array {
  const temperaturesC = Float64Array.from(pixels, ({ meanC }) => meanC);
  const cover = Float64Array.from(pixels, (one) => one.cover);
  const taken = hottestOf(temperaturesC, cover);
  const hottestC = weightedMean(temperaturesC, taken);
  return cover.map(
    (part, place) => part / (1 + Math.exp((hottestC - BELOW_SKIN_C - (temperaturesC[place] ?? 0)) / FADE_C)),
  );
}

type Pooled = Readonly<{
  temperaturesC: Float64Array;
  /** Row of each pooled pixel: the weights of all pixels in it, summing to one. */
  kernel: Float64Array;
}>;

function pool(pixels: readonly FacePixel[], skin: Float64Array, sigmaPx: number): Pooled {
  const size = pixels.length;
  const kernel = new Float64Array(size * size);
  const temperaturesC = new Float64Array(size);
  for (const [place, { x, y }] of pixels.entries()) {
    let [total, sumC] = [0, 0];
    for (const [other, one] of pixels.entries()) {
      const away = ((one.x - x) ** 2 + (one.y - y) ** 2) / (2 * sigmaPx * sigmaPx);
      const weight = (skin[other] ?? 0) * Math.exp(-away);
      kernel[place * size + other] = weight;
      total += weight;
      sumC += weight * one.meanC;
    }
    for (let other = 0; other < size; other++) {
      kernel[place * size + other] = (kernel[place * size + other] ?? 0) / total;
    }
    temperaturesC[place] = sumC / total;
  }
  return { temperaturesC, kernel };
}

/** The part of each place's weight that belongs to the hottest share of all weight. */
function hottestOf(temperaturesC: Float64Array, weights: Float64Array): Float64Array {
  const order = [...temperaturesC.keys()].sort((a, b) => (temperaturesC[b] ?? 0) - (temperaturesC[a] ?? 0));
  const taken = new Float64Array(weights.length);
  let left = SHARE * weights.reduce((sum, weight) => sum + weight, 0);
  for (const place of order) {
    const part = Math.min(left, weights[place] ?? 0);
    taken[place] = part;
    left -= part;
  }
  return taken;
}

/** Noise spreads the pooled temperatures: from s without it to t with it, which lifts the share's mean accordingly. */
function noiseLiftC(
  { temperaturesC, kernel }: Pooled,
  pixels: readonly FacePixel[],
  skin: Float64Array,
  variance: number,
): number {
  const size = pixels.length;
  const meanC = weightedMean(temperaturesC, skin);
  const spread = weightedMean(
    temperaturesC.map((value) => (value - meanC) ** 2),
    skin,
  );
  // Of the noise only what differs between the pooled pixels spreads them.
  const common = new Float64Array(size);
  const total = skin.reduce((sum, weight) => sum + weight, 0);
  let noise = 0;
  for (let place = 0; place < size; place++) {
    const part = (skin[place] ?? 0) / total;
    for (let other = 0; other < size; other++) {
      const weight = kernel[place * size + other] ?? 0;
      common[other] = (common[other] ?? 0) + part * weight;
      noise += (part * weight * weight * variance) / (pixels[other]?.samples ?? 1);
    }
  }
  for (let other = 0; other < size; other++) {
    noise -= ((common[other] ?? 0) ** 2 * variance) / (pixels[other]?.samples ?? 1);
  }
  const withNoiseC = Math.sqrt(spread);
  const withoutNoiseC = Math.sqrt(Math.max(0, spread - noise));
  return SHARE_MEAN * (withNoiseC - withoutNoiseC);
}

function weightedMean(values: Float64Array, weights: Float64Array): number {
  let [sum, total] = [0, 0];
  for (const [place, value] of values.entries()) {
    sum += value * (weights[place] ?? 0);
    total += weights[place] ?? 0;
  }
  return sum / total;
}
