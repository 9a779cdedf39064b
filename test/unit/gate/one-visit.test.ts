import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { intersectionOverUnion } from '../../../src/domain/geometry.ts';
import { faceOf, gateAtDoor, type Person, thermogramOf } from '../../support/gate-world.ts';

const visitor: Person = { x: 0, distanceM: 0.6, faceC: 35 };
const PERIOD_MS = 125;

/** Who is where at a time, ms; null: not in view. `faceless`: warm, with the face turned from the gate. */
type Walk = (atMs: number) => (Person & Readonly<{ faceless?: boolean }>) | null;

/** Lets people walk before a gate: the nearer one covers the other, for both sensors. */
function walkBefore(
  gate: ReturnType<typeof gateAtDoor>,
  walks: readonly Walk[],
  forMs: number,
  roomC = 22,
): void {
  for (let atMs = 0; atMs < forMs; atMs += PERIOD_MS) {
    const people = walks.flatMap((walk) => walk(atMs) ?? []).sort((a, b) => b.distanceM - a.distanceM);
    const faces = people.map(faceOf);
    const visible = faces.filter((face, index) => {
      const { box } = face;
      const covered = faces.some(
        (other, at) => at > index && intersectionOverUnion(other.box, face.box) > 0.15,
      );
      return !people[index]?.faceless && !covered && box.x >= 0 && box.x + box.width <= 640;
    });
    const now = gate.nowMs + atMs;
    gate.send({ kind: 'thermogram', atMs: now, thermogram: thermogramOf(people, now, true, roomC) });
    gate.send({ kind: 'faces', atMs: now + 40, faces: visible });
    gate.send({ kind: 'tick', atMs: now + 60 });
  }
}

/** Walks past, close before the gate, head turned the way they go. */
const passerBy =
  (fromMs: number, paceMPerS: number): Walk =>
  (atMs) => {
    const x = -0.5 + (paceMPerS * (atMs - fromMs)) / 1000;
    return Math.abs(x) > 0.5 ? null : { x, distanceM: 0.4, faceC: 31, faceless: true };
  };

describe('one visit per person', () => {
  test('somebody who walks past before a visitor already answered makes no second visit', () => {
    for (const pace of [0.35, 0.6, 1]) {
      const gate = gateAtDoor();
      walkBefore(gate, [() => visitor, passerBy(4000, pace)], 9000);
      expect(gate.visits(), `at ${pace} m/s`).toHaveLength(1);
    }
  });

  test('a hand before the face for a second makes no second visit', () => {
    for (const fromMs of [3000, 5000, 7000]) {
      const gate = gateAtDoor();
      const hand: Walk = (atMs) =>
        atMs >= fromMs && atMs < fromMs + 1000 ? { x: 0, distanceM: 0.5, faceC: 32, faceless: true } : null;
      walkBefore(gate, [() => visitor, hand], 12_000);
      expect(gate.visits(), `from ${fromMs} ms`).toHaveLength(1);
    }
  });

  test('what walks past while a visitor is measured is no part of the reading', () => {
    const gate = gateAtDoor();
    walkBefore(gate, [() => visitor, passerBy(200, 0.6)], 8000);
    expect(gate.visits()).toHaveLength(1);
    expect(gate.visits()[0]?.reading.temperatureC).toBeCloseTo(35, 1);
  });

  test('two who swap places are two visits, however they cross', () => {
    let crossed = 0;
    fc.assert(
      fc.property(
        fc.record({
          leaves: fc.constantFrom(-1, 1),
          leavePace: fc.double({ min: 0.5, max: 1, noNaN: true }),
          comePace: fc.double({ min: 0.4, max: 0.8, noNaN: true }),
          behindM: fc.double({ min: 0.3, max: 0.4, noNaN: true }),
          sameSide: fc.boolean(),
        }),
        ({ leaves, leavePace, comePace, behindM, sameSide }) => {
          const gate = gateAtDoor();
          const leavesAtMs = 3000;
          const first: Walk = (atMs) => {
            const x = (leaves * leavePace * Math.max(0, atMs - leavesAtMs)) / 1000;
            return Math.abs(x) > 0.6 ? null : { ...visitor, x };
          };
          const from = sameSide ? leaves : -leaves;
          const second: Walk = (atMs) => {
            if (atMs < leavesAtMs) return null;
            const walkedM = (comePace * (atMs - leavesAtMs)) / 1000;
            const x = from * Math.max(0, 0.7 - walkedM);
            const near = Math.min(1, Math.max(0, walkedM - 0.7) / 0.25);
            return { ...visitor, x, distanceM: 0.6 + behindM * (1 - near) };
          };
          walkBefore(gate, [first, second], 9500);
          expect(gate.visits()).toHaveLength(2);
          if (sameSide) crossed++;
        },
      ),
      { numRuns: 40 },
    );
    expect(crossed).toBeGreaterThan(0);
  });

  test.each([18, 22, 28, 29.5])(
    'the next who takes the very place of one who left is another visit, in a room of %d degC',
    (roomC) => {
      const gate = gateAtDoor();
      const gone: Walk = (atMs) => (atMs > 3000 && atMs < 3900 ? null : visitor);
      walkBefore(gate, [gone], 7000, roomC);
      expect(gate.visits()).toHaveLength(2);
    },
  );
});
