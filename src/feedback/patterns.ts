import type { Signal } from '../domain/signal.ts';

/** One step of a pattern: what is on, for how long. */
export type PatternStep = Readonly<{
  durationMs: number;
  red?: boolean;
  yellow?: boolean;
  green?: boolean;
  /** Buzzer, Hz; absent: silent. */
  toneHz?: number;
}>;

/** Light and sound of one signal: an opening played once, then a loop for as long as the signal lasts. */
export type Pattern = Readonly<{ opening: readonly PatternStep[]; loop: readonly PatternStep[] }>;

const LOW_HZ = 880;
const HIGH_HZ = 1760;
const ALARM_HZ = 2600;

const steady = (step: Omit<PatternStep, 'durationMs'>): readonly PatternStep[] => [
  { durationMs: 1000, ...step },
];

/**
 * Every signal differs from every other by light alone (which lamp, and its rhythm: nobody needs to see colours) and
 * every answer by sound alone. Green means `normal` and nothing else.
 */
export const PATTERNS: Readonly<Record<Signal, Pattern>> = {
  // A short wink shows that the gate is alive.
  idle: { opening: [], loop: [{ durationMs: 60, yellow: true }, { durationMs: 2940 }] },
  'look-here': {
    opening: [],
    loop: [{ durationMs: 500, yellow: true }, { durationMs: 500 }],
  },
  'come-closer': {
    opening: [],
    loop: [
      { durationMs: 120, yellow: true },
      { durationMs: 120 },
      { durationMs: 120, yellow: true },
      { durationMs: 640 },
    ],
  },
  'step-back': {
    opening: [],
    loop: [
      { durationMs: 120, yellow: true },
      { durationMs: 120 },
      { durationMs: 120, yellow: true },
      { durationMs: 120 },
      { durationMs: 120, yellow: true },
      { durationMs: 400 },
    ],
  },
  'step-left': {
    opening: [{ durationMs: 80, yellow: true, toneHz: LOW_HZ }],
    loop: [
      { durationMs: 600, yellow: true },
      { durationMs: 200 },
      { durationMs: 120, yellow: true },
      { durationMs: 580 },
    ],
  },
  'step-right': {
    opening: [1, 2, 3].flatMap(() => [
      { durationMs: 80, yellow: true, toneHz: LOW_HZ },
      { durationMs: 80, yellow: true },
    ]),
    loop: [
      { durationMs: 600, yellow: true },
      { durationMs: 200 },
      { durationMs: 120, yellow: true },
      { durationMs: 200 },
      { durationMs: 120, yellow: true },
      { durationMs: 560 },
    ],
  },
  'one-at-a-time': {
    opening: [],
    loop: [
      { durationMs: 400, yellow: true },
      { durationMs: 400, red: true },
    ],
  },
  'move-to-middle': {
    opening: [],
    loop: [
      { durationMs: 700, yellow: true },
      { durationMs: 150 },
      { durationMs: 150, yellow: true },
      { durationMs: 150 },
    ],
  },
  'hold-still': { opening: [], loop: [{ durationMs: 900, yellow: true }, { durationMs: 100 }] },
  measuring: { opening: [], loop: steady({ yellow: true }) },
  'second-look': {
    opening: [
      { durationMs: 80, yellow: true, toneHz: LOW_HZ },
      { durationMs: 80, yellow: true },
      { durationMs: 80, yellow: true, toneHz: LOW_HZ },
    ],
    loop: [{ durationMs: 180, yellow: true }, { durationMs: 180 }],
  },
  normal: {
    opening: [{ durationMs: 150, green: true, toneHz: HIGH_HZ }],
    loop: steady({ green: true }),
  },
  recheck: {
    opening: [
      { durationMs: 250, red: true, yellow: true, toneHz: LOW_HZ },
      { durationMs: 100, red: true, yellow: true },
      { durationMs: 250, red: true, yellow: true, toneHz: LOW_HZ },
    ],
    loop: steady({ red: true, yellow: true }),
  },
  elevated: {
    opening: [1, 2, 3, 4].flatMap(() => [
      { durationMs: 200, red: true, toneHz: ALARM_HZ },
      { durationMs: 140 },
    ]),
    loop: [{ durationMs: 200, red: true }, { durationMs: 140 }],
  },
  // Neither is an answer: nothing is said about a temperature.
  'wait-indoors': {
    opening: [{ durationMs: 400, yellow: true, toneHz: LOW_HZ }],
    loop: [{ durationMs: 1500, yellow: true }, { durationMs: 1500 }],
  },
  'check-equipment': {
    opening: [{ durationMs: 400, red: true, toneHz: LOW_HZ }],
    loop: [
      { durationMs: 250, red: true },
      { durationMs: 250 },
      { durationMs: 250, yellow: true },
      { durationMs: 250 },
    ],
  },
  'warming-up': {
    opening: [],
    loop: [{ durationMs: 100, yellow: true }, { durationMs: 1400 }],
  },
  'out-of-service': {
    opening: [],
    loop: [{ durationMs: 100, red: true }, { durationMs: 1900 }],
  },
};

/** Length of a run of steps, ms. */
function lengthMs(steps: readonly PatternStep[]): number {
  return steps.reduce((total, step) => total + step.durationMs, 0);
}

/** The step shown `elapsedMs` after a signal began, and how long it still lasts, ms. */
export function stepAt(
  pattern: Pattern,
  elapsedMs: number,
): Readonly<{ step: PatternStep; remainingMs: number }> {
  const openingMs = lengthMs(pattern.opening);
  const inLoop = elapsedMs >= openingMs;
  const steps = inLoop ? pattern.loop : pattern.opening;
  let leftMs = inLoop ? (elapsedMs - openingMs) % lengthMs(pattern.loop) : elapsedMs;
  for (const step of steps) {
    if (leftMs < step.durationMs) return { step, remainingMs: step.durationMs - leftMs };
    leftMs -= step.durationMs;
  }
  throw new RangeError('a pattern has no loop');
}
