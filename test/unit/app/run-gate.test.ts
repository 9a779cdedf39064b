import { describe, expect, test } from 'vitest';
import type { GateInput, GateLoop } from '../../../src/app/gate-loop.ts';
import { runGate } from '../../../src/app/run-gate.ts';
import { createVisitEffects } from '../../../src/app/visit-effects.ts';
import type { Alert } from '../../../src/domain/alert.ts';
import type { Visit } from '../../../src/domain/visit.ts';
import { initialState } from '../../../src/gate/gate.ts';
import type { DecidedVisit, GateState } from '../../../src/gate/types.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { someRecords } from '../../support/some-records.ts';

/** A clock on which sleeping takes no real time; every sleep is noted. */
function swiftClock() {
  let nowMs = 0;
  const sleeps: number[] = [];
  const clock: Clock = {
    nowMs: () => nowMs,
    wallTime: () => ({ unixMs: 1_000_000 + nowMs, trusted: true }),
    async sleep(ms, signal) {
      sleeps.push(ms);
      await new Promise((resolve) => setImmediate(resolve));
      nowMs += ms;
      signal?.throwIfAborted();
    },
  };
  return { clock, sleeps };
}

function loopOf(state: GateState = initialState(1)) {
  const inputs: GateInput[] = [];
  const loop: GateLoop = { state, accept: (input) => void inputs.push(input) };
  return { inputs, loop };
}

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const raw = { words: new Uint16Array(834), atMs: 5 };
const frame = { atMs: 7, width: 2, height: 2, data: new Uint8Array(6) };
const noCamera = {
  width: 2,
  height: 2,
  capture: () => Promise.resolve(frame),
  close: () => Promise.resolve(),
};
const noFaces = { find: () => Promise.resolve([]), close: () => Promise.resolve() };
const present = { ...initialState(1), presence: { sinceMs: 0, lastMs: 0 } };

describe('running the gate', () => {
  test('a failing sensor is a fault, tried again ever less often, and mended when it works', async () => {
    const { clock, sleeps } = swiftClock();
    const { inputs, loop } = loopOf();
    const stop = new AbortController();
    let attempts = 0;
    await runGate(
      {
        clock,
        loop,
        camera: noCamera,
        faceFinder: noFaces,
        log: quiet,
        async *subpages() {
          attempts++;
          if (attempts < 4) throw new Error('pulled cable');
          yield raw;
          stop.abort();
        },
      },
      stop.signal,
    );
    const thermal = inputs.filter((input) => input.kind === 'fault' || input.kind === 'subpage');
    expect(thermal.map((input) => (input.kind === 'fault' ? input.failed : input.kind))).toEqual([
      true,
      true,
      true,
      false,
      'subpage',
    ]);
    expect(sleeps.filter((ms) => ms >= 500)).toEqual([500, 1000, 2000]);
  });

  test('the camera is looked at only while somebody is there', async () => {
    const run = async (state: GateState): Promise<readonly GateInput[]> => {
      const { clock } = swiftClock();
      const { inputs, loop } = loopOf(state);
      const stop = new AbortController();
      setTimeout(() => stop.abort(), 20);
      await runGate(
        {
          clock,
          loop,
          camera: { ...noCamera, capture: () => clock.sleep(10).then(() => frame) },
          faceFinder: noFaces,
          log: quiet,
          async *subpages(signal) {
            while (!signal.aborted) await clock.sleep(100, signal);
            yield raw;
          },
        },
        stop.signal,
      );
      return inputs;
    };
    expect((await run(initialState(1))).some((input) => input.kind === 'frame')).toBe(false);
    expect((await run(present)).some((input) => input.kind === 'frame')).toBe(true);
  });
});

const SENSOR = '4d4c58000001';

describe('looking at a picture that does not change', () => {
  test('is put off while no face was found in it, and not when something moves', async () => {
    const looksIn = async (moving: boolean): Promise<number> => {
      const { clock } = swiftClock();
      const { loop } = loopOf(present);
      const stop = new AbortController();
      let looks = 0;
      let frames = 0;
      await runGate(
        {
          clock,
          loop,
          camera: {
            ...noCamera,
            capture: async () => {
              await clock.sleep(1);
              if (++frames === 40) stop.abort();
              const level = moving ? 20 * (frames % 10) : 128;
              return { atMs: 100 * frames, width: 64, height: 48, data: new Uint8Array(4608).fill(level) };
            },
          },
          faceFinder: {
            ...noFaces,
            find: () => {
              looks++;
              return Promise.resolve([]);
            },
          },
          log: quiet,
          async *subpages(signal) {
            while (!signal.aborted) await clock.sleep(100, signal);
            yield raw;
          },
        },
        stop.signal,
      );
      return looks;
    };
    const still = await looksIn(false);
    const moving = await looksIn(true);
    expect(still).toBeGreaterThanOrEqual(2);
    expect(moving).toBeGreaterThan(2 * still);
  });
});

describe('carrying out a visit', () => {
  const decided: DecidedVisit = {
    number: 7,
    atMs: 10,
    outcome: 'elevated',
    mask: 'worn',
    reading: { temperatureC: 37, uncertaintyC: 0.1 },
    baselineC: 35,
    limitC: 36,
    distanceM: 0.6,
    measuredMs: 600,
  };
  const sinks = (append: (visit: Visit) => Promise<void>, publish: (alert: Alert) => Promise<void>) => ({
    clock: swiftClock().clock,
    store: someRecords(append),
    alerts: { publish, close: () => Promise.resolve() },
    gateId: 'main-gate-1',
    log: quiet,
  });

  test('an elevated visit is stored and told, any other only stored', async () => {
    const visits: Visit[] = [];
    const alerts: Alert[] = [];
    const effects = createVisitEffects(
      sinks(
        async (visit) => void visits.push(visit),
        async (alert) => void alerts.push(alert),
      ),
    );
    const alert = effects.carryOut(decided, SENSOR);
    expect(effects.carryOut({ ...decided, number: 8, outcome: 'normal' }, SENSOR)).toBeNull();
    expect(effects.carryOut({ ...decided, number: 9, outcome: 'recheck' }, SENSOR)).toBeNull();
    await effects.settled();
    expect(visits.map((visit) => visit.number)).toEqual([7, 8, 9]);
    expect(alerts).toEqual([alert]);
    expect(alert).toMatchObject({ visitNumber: 7, temperatureC: 37, timeTrusted: true });
    expect(visits[0]).toMatchObject({ limitC: 36, sensor: SENSOR, timeTrusted: true });
    expect(alert?.id).toMatch(/^main-gate-1-7-/);
  });

  test('the alert of an elevated visit is known before the visit is kept, so that both are written together', async () => {
    const done: string[] = [];
    const effects = createVisitEffects(
      sinks(
        async () => void done.push('kept'),
        async () => void done.push('told'),
      ),
    );
    effects.carryOut(decided, SENSOR);
    await effects.settled();
    expect(done).toEqual(['told', 'kept']);
  });

  test('a full disk keeps no alert from going out, and fails nobody else', async () => {
    const alerts: Alert[] = [];
    const effects = createVisitEffects(
      sinks(
        () => Promise.reject(new Error('ENOSPC')),
        async (alert) => void alerts.push(alert),
      ),
    );
    effects.carryOut(decided, SENSOR);
    await expect(effects.settled()).resolves.toBeUndefined();
    expect(alerts).toHaveLength(1);
  });
});
