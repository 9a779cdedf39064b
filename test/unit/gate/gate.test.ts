import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Signal } from '../../../src/domain/signal.ts';
import { masksWanted, nextLookAfterMs } from '../../../src/gate/gate.ts';
import type { GateEvent } from '../../../src/gate/types.ts';
import { faceOf, gateAtDoor, type Person, someParams, thermogramOf } from '../../support/gate-world.ts';

const healthy: Person = { x: 0, distanceM: 0.6, faceC: 35 };
const feverish: Person = { ...healthy, faceC: 37.5 };

/** A gate that has settled and has a baseline of 35 degC. */
function gateWithBaseline() {
  const gate = gateAtDoor();
  gate.show([], 500);
  for (let visitor = 0; visitor < 12; visitor++) {
    // People differ: sd 0.4 degC.
    gate.show([{ ...healthy, faceC: 35 + (visitor % 2 === 0 ? 0.4 : -0.4) }], 1500);
    gate.show([], 4500);
  }
  gate.done.length = 0;
  return gate;
}

describe('a visit', () => {
  test('goes from idle over holding still to green, once', () => {
    const gate = gateAtDoor();
    gate.show([], 500);
    gate.show([healthy], 2500);
    gate.show([], 4500);
    expect(gate.signals()).toEqual(['idle', 'look-here', 'measuring', 'normal', 'idle']);
    expect(gate.visits()).toHaveLength(1);
    expect(gate.visits()[0]).toMatchObject({ number: 1, outcome: 'normal', mask: 'not-worn' });
    expect(gate.visits()[0]?.reading.temperatureC).toBeCloseTo(35, 1);
  });

  test('one person who stays is one visit, and green goes out', () => {
    const gate = gateAtDoor();
    gate.show([healthy], 20_000);
    expect(gate.visits()).toHaveLength(1);
    expect(gate.signals().at(-1)).toBe('idle');
  });

  test('people one after the other are numbered in order', () => {
    const gate = gateWithBaseline();
    expect(gate.state.nextVisitNumber).toBe(13);
    gate.show([{ ...healthy, mask: true }], 1500);
    expect(gate.visits()[0]).toMatchObject({ number: 13, mask: 'worn', baselineC: expect.closeTo(35, 1) });
  });

  test('what guards found moves the limit of the next visitor, and a false alarm less comes of it', () => {
    const limitAfter = (confirmed: boolean): number => {
      const gate = gateWithBaseline();
      gate.show([healthy], 1500);
      gate.show([], 4500);
      const aboveNormalC = (gate.visits()[0]?.limitC ?? Number.NaN) - 35 + (confirmed ? -0.08 : 0.08);
      const verdicts = Array.from({ length: 30 }, () => ({ aboveNormalC, confirmed }));
      gate.send({ kind: 'checks', atMs: gate.nowMs + 1, verdicts });
      gate.show([healthy], 1500);
      const [before, after] = gate.visits();
      return (after?.limitC ?? Number.NaN) - (before?.limitC ?? Number.NaN);
    };
    expect(limitAfter(false)).toBeGreaterThan(0.03);
    expect(limitAfter(true)).toBeLessThan(-0.03);
  });

  test('the next in line is measured at once when the first has got green and gone', () => {
    const gate = gateWithBaseline();
    gate.show([healthy], 1500);
    gate.show([], 1000);
    gate.show([healthy], 1500);
    expect(gate.visits()).toHaveLength(2);
  });

  test('fever is elevated, asks for a human for as long as the visitor stands there, and is no baseline', () => {
    const gate = gateWithBaseline();
    const before = gate.state.normal.visitors;
    gate.show([feverish], 10_000);
    expect(gate.visits().map((visit) => visit.outcome)).toEqual(['elevated']);
    expect(gate.signals().at(-1)).toBe('elevated');
    expect(gate.state.normal.visitors).toBe(before);
  });

  test('a borderline visitor gets a second look, then recheck', () => {
    const gate = gateWithBaseline();
    gate.show([{ ...healthy, faceC: 35.8 }], 6000);
    expect(gate.signals()).toEqual(['look-here', 'measuring', 'second-look', 'recheck']);
    expect(gate.visits().map((visit) => visit.outcome)).toEqual(['recheck']);
  });

  test('somebody who leaves early leaves no visit', () => {
    const gate = gateAtDoor();
    gate.show([healthy], 400);
    gate.show([], 3000);
    expect(gate.visits()).toEqual([]);
    expect(gate.signals().at(-1)).toBe('idle');
  });

  test('survives a face missed for a moment', () => {
    const gate = gateWithBaseline();
    gate.show([healthy], 500);
    gate.show([healthy], 300, { faces: false });
    gate.show([healthy], 1000);
    expect(gate.visits()).toHaveLength(1);
  });
});

describe('prompts', () => {
  const prompt = (people: readonly Person[]): Signal | undefined => {
    const gate = gateWithBaseline();
    gate.show(people, 3000);
    expect(gate.visits()).toEqual([]);
    return gate.signals().at(-1);
  };

  test('too far, too near', () => {
    expect(prompt([{ ...healthy, distanceM: 1.2 }])).toBe('come-closer');
    expect(prompt([{ ...healthy, distanceM: 0.3 }])).toBe('step-back');
  });

  test('two people side by side', () => {
    expect(
      prompt([
        { ...healthy, x: -0.14 },
        { ...healthy, x: 0.14 },
      ]),
    ).toBe('one-at-a-time');
  });

  test('somebody waiting behind does not keep the first from being measured', () => {
    const gate = gateWithBaseline();
    gate.show([healthy, { ...healthy, x: 0.3, distanceM: 0.98 }], 2000);
    expect(gate.visits()).toHaveLength(1);
  });

  test('a turned face, and a photo held up, are asked to look here', () => {
    expect(prompt([{ ...healthy, turned: true }])).toBe('look-here');
    const gate = gateWithBaseline();
    gate.show([{ ...healthy, faceC: null }], 3000);
    expect(gate.visits()).toEqual([]);
  });

  test('warmth without a face has no temperature', () => {
    const gate = gateWithBaseline();
    for (let moment = 0; moment < 20; moment++) {
      const atMs = gate.nowMs + 125 * moment;
      gate.send({ kind: 'thermogram', atMs, thermogram: thermogramOf([healthy], atMs) });
      gate.send({ kind: 'faces', atMs, faces: [] });
    }
    expect(gate.visits()).toEqual([]);
    expect(gate.signals().at(-1)).toBe('look-here');
  });

  test('a face half out of the thermal view is asked to the middle', () => {
    expect(prompt([{ ...healthy, x: 0.36 }])).toBe('move-to-middle');
  });

  test('frontal enough is within about 30 degrees, still enough within half a pixel of the thermal picture', () => {
    const visitsOf = (personAt: (moment: number) => Person): number => {
      const gate = gateWithBaseline();
      for (let moment = 0; moment < 16; moment++) gate.show([personAt(moment)], 125);
      return gate.visits().length;
    };
    const turnedBy = (noseM: number): number => visitsOf(() => ({ ...healthy, noseM }));
    expect([0, 0.015, 0.03, -0.03].map(turnedBy)).toEqual([1, 1, 0, 0]);
    const swaying = (byM: number): number =>
      visitsOf((moment) => ({ ...healthy, x: byM * Math.sin(moment * 1.9) }));
    expect([0.002, 0.003, 0.04].map(swaying)).toEqual([1, 1, 0]);
  });

  test('somebody walking is asked to hold still', () => {
    const gate = gateWithBaseline();
    for (let moment = 0; moment < 12; moment++) gate.show([{ ...healthy, x: -0.12 + moment * 0.02 }], 125);
    expect(gate.visits()).toEqual([]);
    expect(gate.signals()).toContain('hold-still');
  });
});

describe('looking only when it is worth it', () => {
  test('no camera frame while nobody is there, every one while measuring, few after the answer', () => {
    const gate = gateWithBaseline();
    expect(nextLookAfterMs(gate.state)).toBeNull();
    gate.show([healthy], 400);
    expect(gate.state.phase.kind).toBe('measuring');
    expect(nextLookAfterMs(gate.state)).toBe(0);
    expect(masksWanted(gate.state)).toBe(true);
    gate.show([healthy], 1200);
    expect(gate.state.phase.kind).toBe('answered');
    expect(nextLookAfterMs(gate.state)).toBeGreaterThan(0);
    expect(masksWanted(gate.state)).toBe(false);
    gate.show([], 2000);
    expect(nextLookAfterMs(gate.state)).toBeNull();
  });
});

describe('fail safe', () => {
  test('a sensor that has not settled answers nobody', () => {
    const gate = gateAtDoor();
    gate.show([healthy], 5000, { settled: false });
    expect(gate.visits()).toEqual([]);
    expect(gate.state.signal).toBe('warming-up');
  });

  test('silence of the thermal sensor puts the gate out of service, and it comes back by itself', () => {
    const gate = gateWithBaseline();
    gate.show([healthy], 400);
    gate.silence(2000);
    expect(gate.state.signal).toBe('out-of-service');
    gate.show([healthy], 1500);
    expect(gate.visits()).toHaveLength(1);
  });

  test('a camera that says nothing while somebody stands there puts the gate out of service', () => {
    const gate = gateWithBaseline();
    gate.show([healthy], 5000, { faces: false });
    expect(gate.state.signal).toBe('out-of-service');
  });

  test.each(['thermal', 'camera'] as const)('a failed %s takes the green light away at once', (part) => {
    const gate = gateWithBaseline();
    gate.show([healthy], 1200);
    expect(gate.state.signal).toBe('normal');
    gate.send({ kind: 'fault', atMs: gate.nowMs + 1, part, failed: true });
    expect(gate.state.signal).toBe('out-of-service');
  });

  test('whatever happens, green follows a visit just decided normal on fresh pictures of a living face', () => {
    const person = fc.record({
      x: fc.double({ min: -0.2, max: 0.2, noNaN: true }),
      distanceM: fc.double({ min: 0.25, max: 1.4, noNaN: true }),
      faceC: fc.option(fc.constantFrom(27, 34, 34.5, 35, 35.8, 38), { nil: null, freq: 6 }),
      mask: fc.boolean(),
      turned: fc.boolean(),
    });
    const people = fc.array(person, { maxLength: 2 });
    const moment = fc.record({
      afterMs: fc.integer({ min: 10, max: 400 }),
      settled: fc.boolean(),
      what: fc.constantFrom('thermogram', 'faces', 'tick', 'fault', 'mended', 'both', 'both', 'both'),
      repeat: fc.integer({ min: 1, max: 12 }),
    });
    let greens = 0;
    fc.assert(
      fc.property(fc.array(fc.tuple(people, moment), { maxLength: 30 }), (script) => {
        const gate = gateAtDoor(someParams({ minimumSubpages: 4 }));
        let atMs = 0;
        for (const [seen, { afterMs, settled, what, repeat }] of script) {
          for (let time = 0; time < repeat; time++) {
            atMs += afterMs;
            for (const event of eventsOf(what, seen, atMs, settled)) gate.send(event);
            if (gate.state.signal !== 'normal') continue;
            greens++;
            const { phase, thermogram } = gate.state;
            expect(phase).toMatchObject({ kind: 'answered', outcome: 'normal' });
            expect(thermogram?.settled).toBe(true);
            expect(gate.state.nowMs - (thermogram?.atMs ?? 0)).toBeLessThanOrEqual(1000);
            expect(gate.visits().at(-1)?.outcome).toBe('normal');
          }
        }
        const numbers = gate.visits().map((visit) => visit.number);
        expect(numbers).toEqual(numbers.map((_, index) => index + 1));
      }),
      { numRuns: 200 },
    );
    expect(greens, 'a script in which green is never shown proves nothing').toBeGreaterThan(0);
  });
});

function eventsOf(
  what: string,
  people: readonly Person[],
  atMs: number,
  settled: boolean,
): readonly GateEvent[] {
  const thermogram: GateEvent = { kind: 'thermogram', atMs, thermogram: thermogramOf(people, atMs, settled) };
  const faces: GateEvent = { kind: 'faces', atMs, faces: people.map(faceOf) };
  switch (what) {
    case 'thermogram':
      return [thermogram];
    case 'faces':
      return [faces];
    case 'fault':
    case 'mended':
      return [{ kind: 'fault', atMs, part: 'camera', failed: what === 'fault' }];
    case 'both':
      return [thermogram, faces];
    default:
      return [{ kind: 'tick', atMs }];
  }
}
