import { configSchema } from '../../src/config/schema.ts';
import { screenedVisits } from './screened-visits.ts';

const FROM_C = 33;
const TO_C = 41;
const STEP_C = 0.25;

/** True and read temperature of one visitor, degC. */
export type SweepPoint = Readonly<{ trueC: number; readC: number }>;

/** The line through a sweep, and the largest deviation of a point from it. */
export type Sweep = Readonly<{
  points: readonly SweepPoint[];
  slope: number;
  offsetC: number;
  largestDeviationC: number;
}>;

/**
 * Visitors from 33 to 41 degC one after the other through the whole composition, without the sensor's noise, so that a
 * step of a hundredth of a degree would show.
 */
export async function sweep(): Promise<Sweep> {
  const truths = Array.from({ length: (TO_C - FROM_C) / STEP_C + 1 }, (_, index) => FROM_C + index * STEP_C);
  const { visits } = await screenedVisits(
    configSchema.parse({}),
    {
      visitors: truths.map((trueC) => ({
        distanceM: 0.6,
        normalC: Math.min(38, trueC),
        feverC: Math.max(0, trueC - 38),
      })),
    },
    1,
    { noise: false },
  );
  const points = visits.flatMap(({ trueC, reading }) =>
    reading === null ? [] : [{ trueC, readC: reading.temperatureC }],
  );
  const mean = (of: (point: SweepPoint) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [meanTrueC, meanReadC] = [mean(({ trueC }) => trueC), mean(({ readC }) => readC)];
  const slope =
    mean(({ trueC, readC }) => (trueC - meanTrueC) * (readC - meanReadC)) /
    mean(({ trueC }) => (trueC - meanTrueC) ** 2);
  const offsetC = meanReadC - slope * meanTrueC;
  const largestDeviationC = Math.max(
    ...points.map(({ trueC, readC }) => Math.abs(readC - offsetC - slope * trueC)),
  );
  return { points, slope, offsetC, largestDeviationC };
}
