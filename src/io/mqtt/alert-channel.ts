import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { alertPayload } from '../../alerts/payload.ts';
import { ALERT_EXPIRY_S, type Topics, topicsOf } from '../../alerts/topics.ts';
import type { Alert } from '../../domain/alert.ts';
import type { AlertChannel } from '../../ports/alert-channel.ts';
import type { AlertOutbox } from '../../ports/alert-outbox.ts';
import type { Log } from '../../ports/log.ts';
import { BrokerLink, within } from './broker-link.ts';

export type AlertChannelOptions = Readonly<{
  /** mqtt://HOST:PORT or mqtts://HOST:PORT. */
  url: string;
  site: string;
  gate: string;
  /** One of its own for every gate; `fevergate-SITE-GATE` by default. */
  clientId?: string | null;
  username?: string | null;
  password?: string | null;
  /** CA certificate, PEM; the system's by default. */
  caFile?: string | null;
  /** Keeps alerts over restarts; without it they are kept in memory. The caller closes it, after the channel. */
  outbox?: AlertOutbox;
  log: Log;
  /** IANA zone of the times told; the machine's by default. */
  zone?: string;
  /** `publish` rejects after so long, ms; the alert still goes out when the broker is back. */
  acknowledgeWithinMs?: number;
  /** Pause between attempts to connect, ms. */
  reconnectMs?: number;
}>;

/** Why `publish` rejected. The alert is not lost, unless it was `closed` without an outbox. */
type AlertErrorCode = 'unacknowledged' | 'closed';

class AlertError extends Error {
  override readonly name = 'AlertError';
  readonly code: AlertErrorCode;
  constructor(code: AlertErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

const ACKNOWLEDGE_WITHIN_MS = 10_000;
const RECONNECT_MS = 2000;
/** Pause after a broker has refused an alert, ms. */
const REFUSED_RETRY_MS = 5000;
const FAREWELL_MS = 1000;

/**
 * Opens the way to the subscribers. Resolves at once, whether or not the broker can be reached: connecting goes on
 * behind, and what the outbox holds from before goes out first.
 * @throws Error when caFile cannot be read
 */
export async function openAlertChannel(options: AlertChannelOptions): Promise<AlertChannel> {
  const { url, site, gate, caFile } = options;
  const topics = topicsOf(site, gate);
  const link = new BrokerLink({
    url,
    clientId: options.clientId ?? `fevergate-${site}-${gate}`,
    username: options.username ?? undefined,
    password: options.password ?? undefined,
    ca: caFile == null ? undefined : await readFile(caFile),
    availabilityTopic: topics.availability,
    reconnectMs: options.reconnectMs ?? RECONNECT_MS,
    log: options.log,
  });
  return new MqttAlertChannel(options, link, topics);
}

type Queued = Readonly<{ alert: Alert; acknowledged: () => void; failed: (error: AlertError) => void }>;

/** Sends one alert after the other, each until it is acknowledged: so their order holds over every reconnection. */
class MqttAlertChannel implements AlertChannel {
  readonly #options: AlertChannelOptions;
  readonly #link: BrokerLink;
  readonly #topics: Topics;
  readonly #queue: Queued[] = [];
  readonly #closing = new AbortController();
  #sending: Promise<void> | null = null;
  #closed: boolean = false;

  constructor(options: AlertChannelOptions, link: BrokerLink, topics: Topics) {
    this.#options = options;
    this.#link = link;
    this.#topics = topics;
    for (const alert of options.outbox?.pending() ?? []) {
      this.#enqueue({ alert, acknowledged: () => undefined, failed: () => undefined });
    }
  }

  async publish(alert: Alert): Promise<void> {
    if (this.#closed) throw new AlertError('closed', `alert ${alert.id}: the channel is closed`);
    const { outbox, log } = this.#options;
    const kept = outbox?.add(alert).catch((error: unknown) => {
      log.error({ id: alert.id, error: String(error) }, 'alert is not on disk, only in memory');
    });
    const waitMs = this.#options.acknowledgeWithinMs ?? ACKNOWLEDGE_WITHIN_MS;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(
          new AlertError('unacknowledged', `alert ${alert.id}: no broker has taken it yet; it will be sent`),
        );
      }, waitMs);
      const settle = (act: () => void): void => {
        clearTimeout(timer);
        act();
      };
      this.#enqueue({
        alert,
        acknowledged: () => settle(resolve),
        failed: (error) => settle(() => reject(error)),
      });
    });
    await kept;
  }

  async close(timeoutMs: number): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await within(timeoutMs, this.#sending ?? Promise.resolve());
    this.#closing.abort();
    await this.#link.close(FAREWELL_MS);
    for (const { alert, failed } of this.#queue) {
      failed(new AlertError('closed', `alert ${alert.id}: not acknowledged before the end`));
    }
  }

  #enqueue(queued: Queued): void {
    this.#queue.push(queued);
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = null;
    });
  }

  async #sendAll(): Promise<void> {
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      if (this.#closing.signal.aborted) return;
      // Its visit is deleted meanwhile, or too many wait.
      const forgotten = this.#options.outbox?.holds(next.alert.id) === false;
      if (!forgotten && !(await this.#send(next.alert))) continue;
      this.#queue.shift();
      next.acknowledged();
    }
  }

  /** True when the broker has acknowledged it. */
  async #send(alert: Alert): Promise<boolean> {
    const { site, gate, outbox, log, zone } = this.#options;
    const payload = JSON.stringify(alertPayload(alert, { site, gate }, zone));
    try {
      await this.#link.publish(this.#topics.alert, payload, {
        messageExpiryInterval: ALERT_EXPIRY_S,
        contentType: 'application/json',
        payloadFormatIndicator: true,
      });
    } catch (error) {
      log.warn({ id: alert.id, error: String(error) }, 'alert not taken, sending it again');
      const refused = error instanceof Error && 'code' in error;
      const signal = this.#closing.signal;
      await sleep(refused ? REFUSED_RETRY_MS : 0, undefined, { signal }).catch(() => undefined);
      return false;
    }
    await outbox?.acknowledge(alert.id).catch((error: unknown) => {
      log.warn({ id: alert.id, error: String(error) }, 'alert may be sent again after a restart');
    });
    return true;
  }
}
