import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DecisionParams, limitNow } from '../../../src/screening/decision.ts';
import { learnVisitor, type NormalLevel, noLevel, normalNow } from '../../../src/screening/normal-level.ts';
import { type Random, seededRandom } from '../../../src/simulation/random.ts';

const decision: DecisionParams = {
  method: 'adaptive',
  falseAlarmShare: 0.05,
  leastAboveNormalC: 0.5,
  mostAboveNormalC: 1,
  elevatedC: 36.4,
  alwaysElevatedC: 38.5,
  maximumUncertaintyC: 0.35,
};
const MINUTE_MS = 60_000;
const SPREAD_C = 0.35;

type Visitor = Readonly<{ readingC: number; ambientC?: number; atMs?: number }>;

/** The level after visitors, one a minute, each judged at the limit of its moment; and how many were above it. */
function visitedBy(visitors: readonly Visitor[], from: NormalLevel = noLevel) {
  let level = from;
  let above = 0;
  visitors.forEach(({ readingC, ambientC = 24, atMs }, index) => {
    const now = { atMs: atMs ?? (from.lastAtMs ?? 0) + (index + 1) * MINUTE_MS, ambientC };
    const limitC = limitNow(level.visitors < 10 ? null : normalNow(level, now), decision);
    if (readingC >= limitC) above++;
    level = learnVisitor(level, readingC, now, limitC);
  });
  return { level, above };
}

function healthy(count: number, seed: number, meanC: (index: number) => number = () => 35): Visitor[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, index) => ({
    readingC: meanC(index) + SPREAD_C * random.normal(),
  }));
}

function meanNow(level: NormalLevel, ambientC = 24): number {
  return normalNow(level, { atMs: level.lastAtMs ?? 0, ambientC })?.meanC ?? Number.NaN;
}

/** Draws of a normal distribution whose halves differ, about its mode, degC. */
const twoHalves = (belowSdC: number, aboveSdC: number) => (random: Random) => {
  const away = Math.abs(random.normal());
  return random.uniform() < aboveSdC / (belowSdC + aboveSdC) ? aboveSdC * away : -belowSdC * away;
};

/** Share of the healthy, in percent, above the limit: means over twelve days of 600 visitors of whom some are feverish. */
function alarmsPercent(draw: (random: Random) => number, feverShare: number): number {
  const runs = Array.from({ length: 12 }, (_, seed) => {
    const random = seededRandom(100 + seed);
    let level = noLevel;
    let [healthyOnes, above] = [0, 0];
    for (let visitor = 0; visitor < 620; visitor++) {
      const feverish = random.uniform() < feverShare;
      const readingC = 35 + draw(random) + (feverish ? Math.max(0, 1.1 + 0.6 * random.normal()) : 0);
      const now = { atMs: visitor * MINUTE_MS, ambientC: 24 };
      const limitC = limitNow(level.visitors < 10 ? null : normalNow(level, now), decision);
      level = learnVisitor(level, readingC, now, limitC);
      if (feverish || visitor < 20) continue;
      healthyOnes++;
      if (readingC >= limitC) above++;
    }
    return (100 * above) / healthyOnes;
  });
  return runs.reduce((sum, share) => sum + share, 0) / runs.length;
}

describe('of a wanted share of 5 % of the healthy above the limit, there come 3.5 to 7', () => {
  test.each([
    ['evenly spread', twoHalves(0.35, 0.35)],
    ['widely spread', twoHalves(0.45, 0.45)],
    ['with a long cold tail', twoHalves(0.45, 0.32)],
    ['with a long warm tail', twoHalves(0.28, 0.42)],
  ])('%s, with and without feverish visitors', (_, draw) => {
    for (const feverShare of [0, 0.07]) {
      const percent = alarmsPercent(draw, feverShare);
      expect(percent, `${feverShare} feverish`).toBeGreaterThan(3.5);
      expect(percent, `${feverShare} feverish`).toBeLessThan(7);
    }
  });
});

describe('what is normal', () => {
  test('is not known before the first visitor', () => {
    expect(normalNow(noLevel, { atMs: 0, ambientC: null })).toBeNull();
  });

  test('is found with its spread, whatever the sensor’s offset', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 32, max: 35.4, noNaN: true }),
        fc.integer({ min: 1, max: 1000 }),
        (meanC, seed) => {
          const { level } = visitedBy(healthy(200, seed, () => meanC));
          expect(Math.abs(meanNow(level) - meanC)).toBeLessThan(0.25);
          const sdC = normalNow(level, { atMs: level.lastAtMs ?? 0, ambientC: 24 })?.sdC ?? 0;
          expect(sdC).toBeGreaterThan(0.28);
          expect(sdC).toBeLessThan(0.46);
        },
      ),
      { numRuns: 25 },
    );
  });

  test('leaves about the wanted share of healthy visitors above the limit', () => {
    const { level } = visitedBy(healthy(100, 5));
    const { above } = visitedBy(healthy(2000, 6), level);
    expect(above / 2000).toBeGreaterThan(0.025);
    expect(above / 2000).toBeLessThan(0.075);
  });

  test('follows a drifting sensor', () => {
    const { level, above } = visitedBy(healthy(600, 7, (index) => 34.6 + 0.002 * index));
    expect(Math.abs(meanNow(level) - 35.8)).toBeLessThan(0.2);
    expect(above).toBeLessThan(60);
  });

  test('is not moved by feverish visitors: nothing is learnt above the limit', () => {
    const { level } = visitedBy(healthy(100, 8));
    const family = visitedBy(
      Array.from({ length: 8 }, () => ({ readingC: 36.6 })),
      level,
    );
    expect(family.above).toBe(8);
    expect(Math.abs(meanNow(family.level) - meanNow(level))).toBeLessThan(0.02);
    expect(family.level.visitors).toBe(level.visitors);
  });

  test('a family above the limit, by whatever much, hardly moves it for the next', () => {
    const { level } = visitedBy(healthy(100, 8));
    const limitOf = (of: NormalLevel) =>
      limitNow(normalNow(of, { atMs: of.lastAtMs ?? 0, ambientC: 24 }), decision);
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 4, noNaN: true }), (aboveC) => {
        const readingC = limitOf(level) + aboveC;
        const family = visitedBy(
          Array.from({ length: 8 }, () => ({ readingC })),
          level,
        );
        expect(family.above).toBe(8);
        expect(limitOf(family.level) - limitOf(level)).toBeLessThan(0.15);
      }),
    );
  });

  test('a reading that nobody can have leaves it known', () => {
    const { level } = visitedBy(healthy(50, 8));
    const { level: after } = visitedBy([{ readingC: 60 }, ...healthy(50, 9)], level);
    expect(Math.abs(meanNow(after) - 35)).toBeLessThan(0.25);
    const limitC = limitNow(normalNow(after, { atMs: after.lastAtMs ?? 0, ambientC: 24 }), decision);
    expect(limitC).toBeGreaterThan(35.3);
    expect(limitC).toBeLessThan(36.2);
  });

  test('a fifth of feverish visitors all day long does not hide them', () => {
    const people = healthy(300, 9).map((visitor, index) =>
      index % 5 === 4 ? { readingC: visitor.readingC + 1.6 } : visitor,
    );
    const { level } = visitedBy(people);
    expect(Math.abs(meanNow(level) - 35)).toBeLessThan(0.2);
  });

  test('reckons with the room: a hot day lifts faces, and is no fever', () => {
    const random = seededRandom(10);
    const summer = Array.from({ length: 300 }, (_, index) => {
      const ambientC = 22 + 5 * Math.sin(index / 40);
      return { ambientC, readingC: 35 + 0.12 * (ambientC - 24) + SPREAD_C * random.normal() };
    });
    const { level } = visitedBy(summer);
    expect(meanNow(level, 27) - meanNow(level, 21)).toBeGreaterThan(0.4);
    expect(meanNow(level, 27) - meanNow(level, 21)).toBeLessThan(1);
  });

  test('is less certain after a night without visitors, and soon certain again', () => {
    const { level } = visitedBy(healthy(200, 11));
    const dayAfter = { atMs: (level.lastAtMs ?? 0) + 14 * 3_600_000, ambientC: 24 };
    const evening = normalNow(level, { atMs: level.lastAtMs ?? 0, ambientC: 24 })?.sdC ?? 0;
    const morning = normalNow(level, dayAfter)?.sdC ?? 0;
    expect(morning).toBeGreaterThan(evening);
  });

  test('moves with every reading by the same amount as they do', () => {
    fc.assert(
      fc.property(fc.double({ min: -1.5, max: 1, noNaN: true }), (shiftC) => {
        const people = healthy(60, 12);
        const limits = { ...decision, elevatedC: 100, alwaysElevatedC: 100 };
        const levelOf = (offsetC: number) =>
          people.reduce(
            (level, { readingC }, index) =>
              learnVisitor(
                level,
                readingC + offsetC,
                { atMs: index * MINUTE_MS, ambientC: 24 },
                limits.elevatedC,
              ),
            noLevel,
          );
        expect(meanNow(levelOf(shiftC)) - meanNow(levelOf(0))).toBeCloseTo(shiftC, 6);
      }),
    );
  });
});
