import { describe, expect, test } from 'vitest';
import { RemoteGate } from '../../../src/app/remote/remote-gate.ts';
import { serviceOf } from '../../../src/app/service.ts';
import type { CountsReport, HealthReport, StateReport } from '../../../src/domain/gate-report.ts';
import type { AskedCommand } from '../../../src/domain/remote-command.ts';
import type { Signal } from '../../../src/domain/signal.ts';
import { createMutableBuzzer } from '../../../src/feedback/mutable-buzzer.ts';
import { PATTERNS } from '../../../src/feedback/patterns.ts';
import { initialState } from '../../../src/gate/gate.ts';
import type { DecidedVisit, GateState } from '../../../src/gate/types.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { RemoteRequests } from '../../../src/ports/gate-reports.ts';
import { isoDay, toStoredVisit } from '../../../src/records/stored-visit.ts';
import { countsOfDay, type DayCounts } from '../../../src/records/visit-counts.ts';
import { aVisit } from '../../support/a-visit.ts';
import { aLog, anAlert } from '../../support/an-alert.ts';

const MIDDAY = new Date(2026, 0, 5, 12).getTime();
const MINUTE_MS = 60_000;
const SIGNALS = Object.keys(PATTERNS) as Signal[];

/** A gate whose clock runs as far as it is let. */
function made(options: Readonly<{ profile?: 0 | 1 | 2; kept?: DayCounts | null }> = {}) {
  const states: StateReport[] = [];
  const counts: (CountsReport & { atMs: number })[] = [];
  const healths: HealthReport[] = [];
  const tones: number[] = [];
  let nowMs = 0;
  let requests: RemoteRequests | null = null;
  const stop = new AbortController();
  let untilMs = 0;
  const clock: Clock = {
    nowMs: () => nowMs,
    wallTime: () => ({ unixMs: MIDDAY + nowMs, trusted: true }),
    sleep: async (ms) => {
      nowMs += ms;
      if (nowMs >= untilMs) stop.abort();
      await Promise.resolve();
    },
  };
  const remote = new RemoteGate(
    {
      channel: {
        tellState: (report) => void states.push(report),
        tellCounts: (report) => void counts.push({ ...report, atMs: nowMs }),
        tellHealth: (report) => void healths.push(report),
        serve: (given) => {
          requests = given;
        },
      },
      machine: async () => ({ cpuTemperatureC: 50, memoryBytes: 1, diskFreeBytes: 2 }),
      audit: { append: () => Promise.resolve() },
      softwareVersion: '1',
      alertsWaiting: () => 4,
      countsOf: () => Promise.resolve(options.kept ?? null),
      enterCheck: () => Promise.resolve('entered'),
      profile: () => options.profile ?? 2,
    },
    { clock, log: aLog(), buzzer: createMutableBuzzer({ tone: (hz) => void tones.push(hz) }) },
  );
  const run = async (forMs: number): Promise<void> => {
    untilMs = nowMs + forMs;
    await remote.run(stop.signal);
  };
  const ask = (command: Extract<AskedCommand, { ok: true }>['command']) =>
    requests?.carryOut({ ok: true, command });
  return { remote, run, ask, states, counts, healths, tones, newcomer: () => requests?.newcomer() };
}

const decided = (number: number, outcome: DecidedVisit['outcome']): DecidedVisit => {
  const { reading, mask, baselineC, limitC } = aVisit(number, outcome);
  return { number, atMs: 0, outcome, mask, reading, baselineC, limitC, distanceM: 0.6, measuredMs: 900 };
};

describe('what subscribers are told', () => {
  test('nothing when a visitor comes, is guided, measured and answered', () => {
    const { remote, states } = made();
    const state = initialState(1);
    remote.onState({ ...state, condition: null });
    const before = states.length;
    for (const signal of SIGNALS) {
      if (signal === 'warming-up' || signal === 'out-of-service') continue;
      remote.onState({ ...state, condition: null, signal });
      remote.onVisit(decided(1, 'normal'), null);
      remote.onVisit(decided(2, 'recheck'), null);
    }
    expect(states).toHaveLength(before);
  });

  test('at once that a gate is out of service, and why', () => {
    const { remote, states } = made();
    const state = initialState(1);
    remote.onState({ ...state, condition: 'sensor-failed', failed: { thermal: false, camera: true } });
    expect(states.at(-1)).toMatchObject({ service: 'out-of-service', problem: 'camera' });
    remote.sensorFails();
    expect(states.at(-1)).toMatchObject({ problem: 'thermal-sensor' });
    remote.onState({ ...state, condition: null });
    expect(states.at(-1)).toMatchObject({ service: 'in-service', problem: null });
    remote.onRecords({ profile: 2, health: 'full' });
    expect(states.at(-1)).toMatchObject({ records: 'full' });
  });

  test('the counts of the day every five minutes, with those kept from before the start', async () => {
    const stored = toStoredVisit({ ...aVisit(1, 'elevated'), timeMs: MIDDAY });
    const kept = countsOfDay([stored], isoDay(MIDDAY));
    const { remote, run, counts } = made({ kept });
    remote.onVisit(decided(2, 'normal'), null);
    await run(11 * MINUTE_MS);
    expect(counts.map(({ atMs }) => atMs)).toEqual([5 * MINUTE_MS, 10 * MINUTE_MS]);
    expect(counts[0]).toMatchObject({ day: isoDay(MIDDAY), visits: 2, normal: 1, elevated: 1, maskWorn: 2 });
  });

  test('no counts in storage profile 0, and health without anything of a visit', async () => {
    const { remote, run, counts, healths } = made({ profile: 0 });
    remote.onVisit(decided(1, 'normal'), null);
    await run(6 * MINUTE_MS);
    expect(counts).toEqual([]);
    expect(healths.length).toBeGreaterThanOrEqual(5);
    expect(healths[0]).toMatchObject({ alertsWaiting: 4, storageProfile: 0, cpuTemperatureC: 50 });
  });

  test('everything, once more, to a newcomer', async () => {
    const { run, newcomer, states, counts, healths } = made();
    newcomer();
    await run(2000);
    expect(states.length).toBeGreaterThanOrEqual(2);
    expect([counts.length, healths.length]).toEqual([1, 1]);
  });

  test('yesterday’s visits are not today’s', async () => {
    const { remote, run, counts } = made();
    remote.onVisit(decided(1, 'normal'), null);
    await run(13 * 60 * MINUTE_MS);
    expect(counts.at(-1)).toMatchObject({ day: isoDay(MIDDAY + 13 * 60 * MINUTE_MS), visits: 0 });
  });
});

describe('what they ask', () => {
  test('a mute ends by itself, and a tone that is played then is heard again', async () => {
    const { ask, run, states, tones } = made();
    await ask({ name: 'mute', minutes: 2, by: 'desk' });
    expect(states.at(-1)).toMatchObject({ mutedUntilMs: MIDDAY + 2 * MINUTE_MS });
    await run(3 * MINUTE_MS);
    expect(states.at(-1)).toMatchObject({ mutedUntilMs: null });
    expect(tones).toEqual([0, 0]);
  });

  test('alerts stay open until they are acknowledged, one or all', async () => {
    const { remote, ask, states } = made();
    for (const number of [1, 2, 3]) remote.onVisit(decided(number, 'elevated'), anAlert(number));
    expect(states.at(-1)?.openAlerts).toBe(3);
    expect(await ask({ name: 'acknowledge', alertId: anAlert(2).id, by: 'desk' })).toEqual({
      status: 'done',
    });
    expect(states.at(-1)?.openAlerts).toBe(2);
    await ask({ name: 'acknowledge', alertId: null, by: 'desk' });
    expect(states.at(-1)?.openAlerts).toBe(0);
    expect(await ask({ name: 'acknowledge', alertId: null, by: 'desk' })).toMatchObject({
      reason: 'not-found',
    });
  });
});

test('what keeps everybody from being measured is the service’s state, whatever a single visitor does', () => {
  const failed = { thermal: false, camera: false };
  const told = (condition: GateState['condition'], parts = failed) => serviceOf({ condition, failed: parts });
  expect(told('sensor-failed').problem).toBe('late-picture');
  expect(told('sensor-failed', { ...failed, camera: true }).problem).toBe('camera');
  expect(told('sensor-failed', { thermal: true, camera: true }).problem).toBe('thermal-sensor');
  expect(told('ambient-too-warm')).toEqual({ service: 'out-of-service', problem: 'ambient-too-warm' });
  expect(told('reference-lost')).toEqual({ service: 'out-of-service', problem: 'reference-lost' });
  expect(told('ambient-changing')).toEqual({ service: 'warming-up', problem: null });
  for (const condition of [null, 'implausibly-hot', 'from-outdoors', 'too-far'] as const)
    expect(told(condition)).toEqual({ service: 'in-service', problem: null });
});
