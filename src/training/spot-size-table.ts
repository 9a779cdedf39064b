import { writeFile } from 'node:fs/promises';
import { gateParamsOf, mountOf } from '../app/gate-params.ts';
import { configSchema } from '../config/schema.ts';
import { pinholeOptics, type ThermalLens } from '../domain/optics.ts';
import { coveredMeanC } from '../screening/face-pixels.ts';
import { addThermogram, startSamples } from '../screening/face-samples.ts';
import { EYES_BELOW_C, skinReading } from '../screening/face-temperature.ts';
import type { SpotSizeRow } from '../screening/spot-size.ts';
import { type Random, seededRandom } from '../simulation/random.ts';
import { type HeatMap, heatMapOf } from '../simulation/scene/heat-map.ts';
import { createThermalView } from '../simulation/scene/thermal-view.ts';
import { boxScatter, trueFace } from '../simulation/true-faces.ts';

/**
 * Makes src/screening/spot-size-table.ts from the simulated optics: `npm run table:spot-size`. Noise-free faces at many
 * places, masked and bare, with and without glasses, warm and cold rooms, healthy and feverish; what their hottest share
 * reads below the truth is the table.
 */
const DISTANCES_M: Readonly<Record<ThermalLens, readonly number[]>> = {
  BAB: [0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1, 1.1],
  BAA: [0.2, 0.225, 0.25, 0.275, 0.3, 0.325, 0.35, 0.375, 0.4, 0.45, 0.5],
};
const FACES = 250;
const GLASSES_SHARE = 0.3;
const AMBIENTS_C = [16, 22, 30];
const TRUTHS_C = [34, 35.3, 36.5, 38];
const SUBPAGES = 4;

type Seen = Readonly<{ facePx: number; glasses: boolean; lossC: number; eyesBelowC: number }>;

function tableOf(lens: ThermalLens, masked: boolean): readonly SpotSizeRow[] {
  const random = seededRandom(1);
  const look = lookerFor(lens, masked);
  return DISTANCES_M[lens]
    .flatMap((distanceM) => {
      const seen = Array.from({ length: FACES }, () => look(distanceM, random)).flatMap((one) => one ?? []);
      return seen.length < FACES / 2 ? [] : [rowOf(seen)];
    })
    .sort((a, b) => a.facePx - b.facePx);
}

/** Looks at a random face at a distance; null where the gate would not read it. */
function lookerFor(lens: ThermalLens, masked: boolean): (distanceM: number, random: Random) => Seen | null {
  const config = configSchema.parse({ thermal: { lens } });
  const { locate } = gateParamsOf(config);
  const camera = pinholeOptics(config.camera.width, config.camera.height, config.camera.horizontalFovDeg);
  const views = AMBIENTS_C.map((ambientC) => createThermalView(lens, mountOf(config), ambientC));
  const heats = new Map<string, HeatMap>();
  const seenC = new Float64Array(768);
  return (distanceM, random) => {
    const glasses = random.uniform() < GLASSES_SHARE;
    const trueC = oneOf(TRUTHS_C, random);
    const key = `${glasses} ${trueC}`;
    const heat =
      heats.get(key) ??
      heatMapOf({
        behaviour: 'normal',
        trueTemperatureC: trueC,
        mask: masked ? 'worn' : 'not-worn',
        glasses,
      });
    heats.set(key, heat);
    const place = {
      x: 0.04 * (2 * random.uniform() - 1),
      y: 0.02 * (2 * random.uniform() - 1),
      z: distanceM,
    };
    oneOf(views, random).render([{ place, heat }], seenC);
    const region = locate(trueFace(place, masked, camera, [boxScatter(random)]));
    if (region === null || region.inView < 0.97) return null;
    let samples = startSamples(region, 0);
    for (let subpage = 0; subpage < SUBPAGES; subpage++) {
      samples = addThermogram(samples, {
        atMs: subpage,
        subpage: subpage % 2 === 0 ? 0 : 1,
        mirrored: false,
        toC: Float32Array.from(seenC),
        interpolated: new Uint8Array(768),
        taC: 30,
        vddV: 3.3,
        settled: true,
      });
    }
    const found = skinReading(samples, region, 0);
    if ('reason' in found) return null;
    const { temperatureC } = found.share;
    return {
      facePx: region.face.width,
      glasses,
      lossC: trueC - temperatureC,
      eyesBelowC: Math.max(0, temperatureC - coveredMeanC(found.eyes) - EYES_BELOW_C),
    };
  };
}

function rowOf(seen: readonly Seen[]): SpotSizeRow {
  const plain = seen.filter(({ glasses }) => !glasses);
  const lossC = mean(plain.map((one) => one.lossC));
  const behind = seen.filter(({ glasses }) => glasses);
  const glasses =
    behind.reduce((sum, one) => sum + one.eyesBelowC * (one.lossC - lossC), 0) /
    behind.reduce((sum, one) => sum + one.eyesBelowC ** 2, 0);
  const rest = plain.map((one) => one.lossC - lossC - glasses * one.eyesBelowC);
  const taken = behind.map((one) => glasses * one.eyesBelowC);
  const left = behind.map((one, place) => one.lossC - lossC - (taken[place] ?? 0));
  return {
    facePx: round(mean(seen.map(({ facePx }) => facePx)), 2),
    lossC: round(lossC + mean(rest), 2),
    glasses: round(glasses, 2),
    glassesSpread: round(Math.min(1, deviation(left) / mean(taken)), 2),
    spreadC: round(deviation(rest), 3),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

function oneOf<T>(values: readonly T[], random: Random): T {
  const value = values[Math.floor(random.uniform() * values.length)];
  if (value === undefined) throw new RangeError('nothing to choose from');
  return value;
}

const rows = (lens: ThermalLens, masked: boolean): string =>
  tableOf(lens, masked)
    .map(
      ({ facePx, lossC, glasses, glassesSpread, spreadC }) =>
        `{ facePx: ${facePx}, lossC: ${lossC}, glasses: ${glasses}, glassesSpread: ${glassesSpread}, spreadC: ${spreadC} },`,
    )
    .join('\n');
const tables = (lens: ThermalLens): string =>
  `{ 'not-worn': [\n${rows(lens, false)}\n], worn: [\n${rows(lens, true)}\n] },`;

const source = `import type { ThermalLens } from '../domain/optics.ts';
import type { SpotSizeTables } from './spot-size.ts';

/** Made by \`npm run table:spot-size\` from the simulated optics (pixel response Gaussian, FWHM 1.3 pixels). */
export const SPOT_SIZE: Readonly<Record<ThermalLens, SpotSizeTables>> = {
  BAB: ${tables('BAB')}
  BAA: ${tables('BAA')}
};
`;
await writeFile(new URL('../screening/spot-size-table.ts', import.meta.url), source);
