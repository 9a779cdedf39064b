import { type Config, configSchema } from '../../src/config/schema.ts';
import { type Random, seededRandom } from '../../src/simulation/random.ts';
import { type ScreenedVisit, screenedVisits } from '../../test/support/screened-visits.ts';

/** One visit with the gate it was at. */
export type PopulationVisit = ScreenedVisit & Readonly<{ lens: 'BAB' | 'BAA'; ambientC: number }>;

const VISITORS_A_GATE = 25;
const AMBIENTS_C = [18, 22, 28];
const GLASSES_SHARE = 0.25;
const FEVER_SHARE = 0.15;

/** Screens so many strangers at many gates, each with a sensor of its own; two of three through the narrow lens. */
export async function screenPopulation(
  visits: number,
  thermal: Partial<Config['thermal']>,
  told: (done: number) => void,
): Promise<readonly PopulationVisit[]> {
  const random = seededRandom(2);
  const screened: PopulationVisit[] = [];
  for (let gate = 0; screened.length < visits; gate++) {
    const lens = thermal.lens ?? (gate % 3 === 2 ? 'BAA' : 'BAB');
    const ambientC = AMBIENTS_C[Math.floor(gate / 3) % AMBIENTS_C.length] ?? 22;
    const config = configSchema.parse({
      thermal: { ...thermal, lens },
      ...(lens === 'BAA' && { visit: { minDistanceM: 0.25, maxDistanceM: 0.5 } }),
    });
    const visitors = Array.from({ length: Math.min(VISITORS_A_GATE, visits - screened.length) }, () =>
      stranger(lens, random),
    );
    const { visits: seen } = await screenedVisits(config, { ambientC, visitors }, 1000 + gate);
    screened.push(...seen.map((visit) => ({ ...visit, lens, ambientC })));
    told(screened.length);
  }
  return screened;
}

function stranger(lens: 'BAB' | 'BAA', random: Random) {
  const [nearestM, spanM] = lens === 'BAB' ? [0.4, 0.4] : [0.3, 0.15];
  return {
    mask: random.uniform() < 0.5 ? ('worn' as const) : ('not-worn' as const),
    glasses: random.uniform() < GLASSES_SHARE,
    normalC: 35.3 + 0.3 * Math.max(-3, Math.min(3, random.normal())),
    feverC: random.uniform() < FEVER_SHARE ? 1.5 + 1.5 * random.uniform() : 0,
    distanceM: nearestM + spanM * random.uniform(),
    xM: 0.08 * random.uniform() - 0.04,
  };
}

/** Errors of a group of visits. */
export type GroupErrors = Readonly<{
  visits: number;
  unread: number;
  biasC: number;
  sdC: number;
  /** The same with the common drift of each sensor, which only a reference in view can show, taken out. */
  sdWithoutDriftC: number;
  /** Root mean square of the uncertainties told: right when it is about the whole error's. */
  rmsUncertaintyC: number;
  /** Share of the visits whose truth lies within two of the uncertainties told. */
  within2u: number;
  decisionMs: number;
  decisionP95Ms: number;
}>;

export function errorsOf(visits: readonly PopulationVisit[]): GroupErrors {
  const read = visits.flatMap(({ reading, trueC, driftC, decisionMs }) =>
    reading === null
      ? []
      : [{ off: reading.temperatureC - trueC, driftC, u: reading.uncertaintyC, ms: decisionMs ?? 0 }],
  );
  const biasC = mean(read.map(({ off }) => off));
  const sorted = read.map(({ ms }) => ms).sort((a, b) => a - b);
  return {
    visits: visits.length,
    unread: visits.length - read.length,
    biasC,
    sdC: deviation(read.map(({ off }) => off)),
    sdWithoutDriftC: deviation(read.map(({ off, driftC }) => off - driftC)),
    rmsUncertaintyC: Math.sqrt(mean(read.map(({ u }) => u * u))),
    within2u: read.filter(({ off, u }) => Math.abs(off) <= 2 * u).length / read.length,
    decisionMs: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN,
    decisionP95Ms: sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}
