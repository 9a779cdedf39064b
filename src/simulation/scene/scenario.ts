import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { seededRandom } from '../random.ts';

/** What somebody, or something, before the gate does. Only `normal` must be measured. */
const BEHAVIOURS = [
  'normal',
  'leaves-early',
  'turned-away',
  'walks-past',
  'photo',
  'tablet',
  'hand',
  'arm',
  'back-of-head',
  'warm-cup',
  'pet',
] as const;

const colour = z.string().regex(/^#[0-9a-f]{6}$/i, 'a colour like #c68e66 is needed');

const visitor = z.strictObject({
  /** When the visitor comes into view, ms; null or left out: soon after the one before has left. */
  arrivesAtMs: z.number().min(0).nullable().default(null),
  /** From the camera while standing, metres. */
  distanceM: z.number().min(0.3).max(1.6),
  /** Place while standing, metres to the camera's right. */
  xM: z.number().min(-1).max(1).default(0),
  /** Temperature at the inner eye corners without fever, degC. */
  normalC: z.number().min(30).max(40).default(35.3),
  /** What fever adds, degC. */
  feverC: z.number().min(0).max(5).default(0),
  mask: z.enum(['worn', 'under-nose', 'not-worn']).default('not-worn'),
  behaviour: z.enum(BEHAVIOURS).default('normal'),
  /** Longest time standing, ms; left out: 8000, or 250 for one who leaves early. */
  staysMs: z.number().min(0).max(60_000).optional(),
  skin: colour.optional(),
  hair: colour.optional(),
  maskColour: colour.optional(),
  glasses: z.boolean().optional(),
});

const thing = z.strictObject({
  /** Centre of the disc, metres to the right of, below and in front of the camera. */
  xM: z.number().min(-2).max(2),
  yM: z.number().min(-2).max(2).default(0),
  distanceM: z.number().min(0.2).max(3),
  radiusM: z.number().min(0.005).max(0.25),
  temperatureC: z.number().min(-20).max(200),
  /** Seen from then until then, ms; null: to the end. */
  fromMs: z.number().min(0).default(0),
  untilMs: z.number().min(0).nullable().default(null),
});

const scenario = z.strictObject({
  /** Of the wall and of everything that skin reflects, degC. */
  ambientC: z.number().min(-10).max(45).default(22),
  /** How fast that changes, degC a minute. */
  ambientSlopeCPerMinute: z.number().min(-5).max(5).default(0),
  /** Warm discs: a reference, a lamp, a patch of sun. */
  things: z.array(thing).max(20).default([]),
  visitors: z.array(visitor).min(1).max(10_000),
});

/** Who comes to the gate, with every default filled in. */
export type Scenario = z.output<typeof scenario>;
/** One visitor of a scenario; see the schema for units. */
export type ScenarioVisitor = Scenario['visitors'][number];
/** What a scenario file holds. */
export type ScenarioInput = z.input<typeof scenario>;
export type Behaviour = ScenarioVisitor['behaviour'];
/** How a mask is worn; under the nose counts as not worn. */
export type MaskWear = ScenarioVisitor['mask'];

/** A scenario that cannot be used; the message names the field. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
}

/** Checks a scenario and fills in its defaults. Throws ScenarioError, starting with `source`. */
export function parseScenario(input: unknown, source: string): Scenario {
  const result = scenario.safeParse(input);
  if (result.success) return result.data;
  const faults = result.error.issues.map(
    ({ path, message }) => `${z.core.toDotPath(path) || 'file'}: ${message}`,
  );
  throw new ScenarioError(`${source}: ${faults.join('; ')}`);
}

/** Reads a scenario file (JSON). Rejects with ScenarioError. */
export async function loadScenario(file: string): Promise<Scenario> {
  let input: unknown;
  try {
    input = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new ScenarioError(`${file}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  return parseScenario(input, file);
}

const MASK_SHARE = 0.7;
const FEVER_SHARE = 0.15;

/** Strangers one after the other: the same seed gives the same ones. */
export function generateScenario({ visits, seed }: Readonly<{ visits: number; seed: number }>): Scenario {
  const random = seededRandom(seed);
  const visitors = Array.from({ length: visits }, (): ScenarioInput['visitors'][number] => ({
    mask: random.uniform() < MASK_SHARE ? 'worn' : 'not-worn',
    feverC: random.uniform() < FEVER_SHARE ? 1.5 + 1.5 * random.uniform() : 0,
    // Three standard deviations either way are people enough; beyond, the schema could refuse a stranger.
    normalC: 35.3 + 0.3 * Math.max(-3, Math.min(3, random.normal())),
    distanceM: 0.45 + 0.4 * random.uniform(),
    xM: 0.08 * random.uniform() - 0.04,
  }));
  return parseScenario({ visitors }, 'generated scenario');
}
