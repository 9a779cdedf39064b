/** A colour, each channel 0..255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** Cold to hot: black, violet, red, orange, yellow, near white; lightness rises all the way, so it reads in grey too. */
const ANCHORS: readonly Rgb[] = [
  [2, 2, 8],
  [14, 9, 38],
  [33, 12, 70],
  [57, 12, 96],
  [81, 17, 108],
  [105, 26, 110],
  [129, 35, 106],
  [154, 43, 98],
  [178, 53, 86],
  [200, 66, 70],
  [219, 83, 52],
  [234, 105, 33],
  [244, 132, 15],
  [250, 162, 14],
  [249, 197, 48],
  [247, 230, 110],
  [253, 254, 184],
];

/** Shown where there is no value: a green that no temperature has. */
const NO_VALUE: Rgb = [0, 96, 64];

/** The colour of a temperature on a scale from `minC` to `maxC`; beyond the ends the end's colour. */
export function thermalColour(valueC: number, minC: number, maxC: number): Rgb {
  if (Number.isNaN(valueC)) return NO_VALUE;
  const share = maxC > minC ? (valueC - minC) / (maxC - minC) : 0.5;
  const place = Math.min(1, Math.max(0, share)) * (ANCHORS.length - 1);
  const below = Math.floor(place);
  const cold = ANCHORS[below] ?? NO_VALUE;
  const hot = ANCHORS[below + 1] ?? cold;
  const mix = (channel: 0 | 1 | 2): number =>
    Math.round(cold[channel] + (hot[channel] - cold[channel]) * (place - below));
  return [mix(0), mix(1), mix(2)];
}
