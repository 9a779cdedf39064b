import type { Clock } from '../ports/clock.ts';

/** How virtual time passes: a second in a second, or as fast as everything else is done. */
export type Pace = 'real' | 'max';

type Timer = { readonly atMs: number; readonly order: number; fire: (() => void) | null };

/**
 * Time for a discrete-event simulation. It moves only while everybody sleeps: from one sleeper's waking to the next, in
 * order, and never while held work is pending. So the same sleepers in the same order give the same run, whatever the
 * machine's speed.
 */
export class VirtualClock implements Clock {
  readonly #startUnixMs: number;
  readonly #pace: Pace;
  readonly #timers: Timer[] = [];
  readonly #held = new Set<Promise<unknown>>();
  #nowMs = 0;
  #order = 0;
  #wake: (() => void) | null = null;

  constructor(options: Readonly<{ startUnixMs: number; pace: Pace }>) {
    this.#startUnixMs = options.startUnixMs;
    this.#pace = options.pace;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  wallTime(): Readonly<{ unixMs: number; trusted: boolean }> {
    return { unixMs: this.#startUnixMs + this.#nowMs, trusted: true };
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const timer: Timer = { atMs: this.#nowMs + Math.max(0, ms), order: this.#order++, fire: null };
      const abort = (): void => {
        timer.fire = null;
        reject(signal?.reason as Error);
      };
      timer.fire = () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#push(timer);
      this.#wake?.();
    });
  }

  /** Stops time until `work` has settled; for work that takes real time, such as inference in a worker. */
  async hold<T>(work: Promise<T>): Promise<T> {
    this.#held.add(work);
    try {
      return await work;
    } finally {
      this.#held.delete(work);
    }
  }

  /** Lets time pass until `until` has settled. Rejects as `until` does. */
  async run(until: Promise<unknown>): Promise<void> {
    let running = true;
    const ended = until
      .then(
        () => undefined,
        () => undefined,
      )
      .then(() => {
        running = false;
        this.#wake?.();
      });
    const startedAt = performance.now() - this.#nowMs;
    while (running) {
      // A turn of the event loop: everything a fired timer set off has run up to its next wait.
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#held.size > 0) {
        await Promise.allSettled(this.#held);
        continue;
      }
      const next = this.#pop();
      if (next === null) {
        if (running) await new Promise<void>((resolve) => (this.#wake = resolve));
        this.#wake = null;
        continue;
      }
      if (this.#pace === 'real') await realSleep(next.atMs - (performance.now() - startedAt));
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.fire?.();
    }
    await ended;
    await until;
  }

  /** Adds to the binary heap. */
  #push(timer: Timer): void {
    const heap = this.#timers;
    let index = heap.push(timer) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(heap[index], heap[parent])) break;
      swap(heap, index, parent);
      index = parent;
    }
  }

  /** Takes the earliest live timer off the heap; null when nobody sleeps. */
  #pop(): Timer | null {
    const heap = this.#timers;
    for (;;) {
      const first = heap[0];
      const last = heap.pop();
      if (first === undefined || last === undefined) return null;
      if (first !== last) {
        heap[0] = last;
        this.#sink();
      }
      if (first.fire !== null) return first;
    }
  }

  #sink(): void {
    const heap = this.#timers;
    for (let index = 0; ; ) {
      const left = 2 * index + 1;
      const child = isBefore(heap[left + 1], heap[left]) ? left + 1 : left;
      if (!isBefore(heap[child], heap[index])) return;
      swap(heap, index, child);
      index = child;
    }
  }
}

function isBefore(a: Timer | undefined, b: Timer | undefined): boolean {
  if (a === undefined) return false;
  return b === undefined || a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

function swap(heap: Timer[], a: number, b: number): void {
  const [first, second] = [heap[a], heap[b]];
  if (first === undefined || second === undefined) return;
  heap[a] = second;
  heap[b] = first;
}

function realSleep(ms: number): Promise<void> {
  return ms <= 1 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms));
}
