import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../../src/simulation/virtual-clock.ts';

const clockAt = (pace: 'real' | 'max' = 'max') => new VirtualClock({ startUnixMs: 1_000_000, pace });

describe('virtual clock', () => {
  test('wakes sleepers in order of time, and of asking where times are equal', async () => {
    const clock = clockAt();
    const woken: string[] = [];
    const sleeper = async (name: string, ...sleeps: number[]): Promise<void> => {
      for (const ms of sleeps) {
        await clock.sleep(ms);
        woken.push(`${name}@${clock.nowMs()}`);
      }
    };
    await clock.run(Promise.all([sleeper('a', 30, 10), sleeper('b', 10, 30), sleeper('c', 30)]));
    expect(woken).toEqual(['b@10', 'a@30', 'c@30', 'b@40', 'a@40']);
    expect(clock.wallTime()).toEqual({ unixMs: 1_000_040, trusted: true });
  });

  test('stands still while work in the real world is held', async () => {
    const clock = clockAt();
    let heldFrom = -1;
    let heldUntil = -1;
    const worker = async (): Promise<void> => {
      await clock.sleep(5);
      heldFrom = clock.nowMs();
      await clock.hold(new Promise((resolve) => setTimeout(resolve, 30)));
      heldUntil = clock.nowMs();
    };
    const ticker = async (): Promise<void> => {
      for (let tick = 0; tick < 100; tick++) await clock.sleep(1);
    };
    await clock.run(Promise.all([worker(), ticker()]));
    expect([heldFrom, heldUntil]).toEqual([5, 5]);
    expect(clock.nowMs()).toBe(100);
  });

  test('an aborted sleep rejects at once and is not waited for', async () => {
    const clock = clockAt();
    const stop = new AbortController();
    const sleeping = clock.sleep(1e9, stop.signal);
    const stopping = clock.sleep(10).then(() => stop.abort(new Error('enough')));
    await expect(clock.run(Promise.all([sleeping, stopping]))).rejects.toThrow('enough');
    expect(clock.nowMs()).toBe(10);
    await expect(clock.sleep(1, stop.signal)).rejects.toThrow('enough');
  });

  test('waits for work outside when nobody sleeps', async () => {
    const clock = clockAt();
    await clock.run(
      (async () => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        await clock.sleep(3);
      })(),
    );
    expect(clock.nowMs()).toBe(3);
  });

  test('at real pace a second takes a second', async () => {
    const clock = clockAt('real');
    const startedAt = performance.now();
    await clock.run(clock.sleep(120));
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(115);
  });
});
