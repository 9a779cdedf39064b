import { setTimeout as sleep } from 'node:timers/promises';
import type { NumberedAlert } from '../../domain/alert.ts';
import type { AlertOutbox } from '../../ports/alert-outbox.ts';
import type { Log } from '../../ports/log.ts';
import { AlertError } from './alert-error.ts';
import { type Taken, within } from './broker-link.ts';

export type AlertQueueOptions = Readonly<{
  /** Hands an alert to a broker; rejects when it did not take it. */
  send: (alert: NumberedAlert) => Promise<Taken>;
  /** Without it alerts are kept in memory. */
  outbox?: AlertOutbox | undefined;
  log: Log;
  /** So long an alert is offered again while the broker says that nobody subscribes, ms. */
  unheardForMs: number;
}>;

type Queued = Readonly<{
  alert: NumberedAlert;
  /** Resolves when it is on disk or cannot be: told before, a kill could give its number to another. */
  ready: Promise<void>;
  acknowledged: () => void;
  failed: (error: AlertError) => void;
}>;

/** Pause after a broker has refused an alert, ms. */
const REFUSED_RETRY_MS = 5000;
/** Pause after a broker has had nobody to give it to, ms. */
const UNHEARD_RETRY_MS = 500;

/** Sends one alert after the other, each until it is acknowledged: so their order holds over every reconnection. */
export class AlertQueue {
  readonly #options: AlertQueueOptions;
  readonly #queue: Queued[] = [];
  readonly #closing = new AbortController();
  #sending: Promise<void> | null = null;
  /** Since when the broker has nobody to give alerts to, ms; null: it has. */
  #unheardSinceMs: number | null = null;

  constructor(options: AlertQueueOptions) {
    this.#options = options;
    for (const alert of options.outbox?.pending() ?? []) {
      this.add({ alert, ready: Promise.resolve(), acknowledged: () => undefined, failed: () => undefined });
    }
  }

  add(queued: Queued): void {
    this.#queue.push(queued);
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = null;
    });
  }

  /** Waits up to `timeoutMs` for those under way, and sends no further one. */
  async stop(timeoutMs: number): Promise<void> {
    await within(timeoutMs, this.#sending ?? Promise.resolve());
    this.#closing.abort();
  }

  /** Tells those who wait that nothing more is sent. */
  fail(): void {
    for (const { alert, failed } of this.#queue) {
      failed(new AlertError('closed', `alert ${alert.id}: not acknowledged before the end`));
    }
  }

  async #sendAll(): Promise<void> {
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      if (this.#closing.signal.aborted) return;
      await next.ready;
      // Its visit is deleted meanwhile, or too many wait.
      const forgotten = this.#options.outbox?.holds(next.alert.id) === false;
      if (!forgotten && !(await this.#send(next.alert))) continue;
      this.#queue.shift();
      next.acknowledged();
    }
  }

  /** True when the broker has acknowledged it, and has somebody to give it to or had nobody for long enough. */
  async #send(alert: NumberedAlert): Promise<boolean> {
    const { outbox, log } = this.#options;
    try {
      const taken = await this.#options.send(alert);
      if (taken === 'unheard' && !this.#unheardLongEnough()) {
        await this.#pause(UNHEARD_RETRY_MS);
        return false;
      }
      if (taken === 'taken') this.#unheardSinceMs = null;
    } catch (error) {
      log.warn({ id: alert.id, error: String(error) }, 'alert not taken, sending it again');
      const refused = error instanceof Error && 'code' in error;
      await this.#pause(refused ? REFUSED_RETRY_MS : 0);
      return false;
    }
    // The next need not wait for the disk: killed before, a gate sends this one again with the same id.
    outbox?.acknowledge(alert.id).catch((error: unknown) => {
      log.warn({ id: alert.id, error: String(error) }, 'alert may be sent again after a restart');
    });
    return true;
  }

  #unheardLongEnough(): boolean {
    const nowMs = performance.now();
    if (this.#unheardSinceMs === null) {
      this.#unheardSinceMs = nowMs;
      this.#options.log.warn({}, 'nobody subscribes to alerts: they are offered again');
    }
    return nowMs - this.#unheardSinceMs >= this.#options.unheardForMs;
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#closing.signal }).catch(() => undefined);
  }
}
