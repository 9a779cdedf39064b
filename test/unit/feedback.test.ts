import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Signal } from '../../src/domain/signal.ts';
import { PATTERNS, stepAt } from '../../src/feedback/patterns.ts';
import { createFeedbackPlayer } from '../../src/feedback/player.ts';
import { drawTimeline } from '../../src/feedback/timeline.ts';
import type { Clock } from '../../src/ports/clock.ts';

const SIGNALS = Object.keys(PATTERNS) as readonly Signal[];
const signal = fc.constantFrom(...SIGNALS);
const SPAN_MS = 3000;

describe('light and sound', () => {
  test('every two signals differ by light alone, seen without colours', () => {
    const lamps = SIGNALS.map((name) => {
      const { red, yellow, green } = drawTimeline(name, SPAN_MS, 20);
      return `${red}/${yellow}/${green}`;
    });
    expect(new Set(lamps).size).toBe(SIGNALS.length);
  });

  test('the three answers differ by sound alone', () => {
    const sounds = (['normal', 'recheck', 'elevated'] as const).map(
      (name) => drawTimeline(name, SPAN_MS, 20).buzzer,
    );
    expect(new Set(sounds).size).toBe(3);
    for (const sound of sounds) expect(sound).toMatch(/[^·]/);
  });

  test('green means normal and nothing else', () => {
    fc.assert(
      fc.property(signal, fc.nat(60_000), (name, elapsedMs) => {
        const { step } = stepAt(PATTERNS[name], elapsedMs);
        expect(step.green === true).toBe(name === 'normal');
      }),
    );
  });

  test('every moment has a step that ends', () => {
    fc.assert(
      fc.property(signal, fc.double({ min: 0, max: 1e6, noNaN: true }), (name, elapsedMs) => {
        const { step, remainingMs } = stepAt(PATTERNS[name], elapsedMs);
        expect(remainingMs).toBeGreaterThan(0);
        expect(remainingMs).toBeLessThanOrEqual(step.durationMs);
      }),
    );
  });

  test('no lamp flashes more than three times a second (WCAG 2.3.1)', () => {
    for (const name of SIGNALS) {
      const { red, yellow, green } = drawTimeline(name, 30_000, 10);
      for (const lamp of [red, yellow, green]) {
        expect((lamp.match(/·█/g)?.length ?? 0) / 30, name).toBeLessThanOrEqual(3);
      }
    }
  });
});

describe('player', () => {
  const lines = () => {
    const state = { red: false, yellow: false, green: false, toneHz: 0 };
    const lamp = (name: 'red' | 'yellow' | 'green') => ({
      set(on: boolean) {
        state[name] = on;
      },
    });
    return {
      state,
      red: lamp('red'),
      yellow: lamp('yellow'),
      green: lamp('green'),
      buzzer: {
        tone(hz: number) {
          state.toneHz = hz;
        },
      },
    };
  };
  const stillClock: Clock = {
    nowMs: () => 0,
    wallTime: () => ({ unixMs: 0, trusted: true }),
    sleep: (_ms, abort) =>
      new Promise((_resolve, reject) => {
        abort?.addEventListener('abort', () => reject(new Error('aborted')));
      }),
  };

  test('starts dark, shows at once, and stops dark', () => {
    const gate = lines();
    gate.state.red = true;
    const player = createFeedbackPlayer(gate, stillClock);
    expect(gate.state).toEqual({ red: false, yellow: false, green: false, toneHz: 0 });
    player.show('normal');
    expect(gate.state.green).toBe(true);
    player.show('elevated');
    expect(gate.state).toMatchObject({ green: false, red: true });
    player.stop();
    expect(gate.state).toEqual({ red: false, yellow: false, green: false, toneHz: 0 });
  });
});
