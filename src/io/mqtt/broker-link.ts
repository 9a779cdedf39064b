import { connect, type IClientOptions, type IClientPublishOptions, type MqttClient } from 'mqtt';
import type { Log } from '../../ports/log.ts';

export type BrokerLinkOptions = Readonly<{
  url: string;
  clientId: string;
  username?: string | undefined;
  password?: string | undefined;
  /** CA certificate, PEM. */
  ca?: Buffer | undefined;
  /** Gets `online` at every connection and `offline` as last will; retained. */
  availabilityTopic: string;
  /** Pause between attempts to connect, ms. */
  reconnectMs: number;
  log: Log;
}>;

const KEEPALIVE_S = 30;
const CONNECT_TIMEOUT_MS = 10_000;
/** CONNACK codes of MQTT 3.1.1 (section 3.2.2.3) and 5 (section 3.2.2.2) for a protocol version not spoken. */
const VERSION_REFUSED: readonly unknown[] = [1, 132];
const RETAINED: IClientPublishOptions = { qos: 1, retain: true };

/**
 * A connection to a broker that is made again whenever it breaks, for ever. Speaks MQTT 5, and 3.1.1 from then on when
 * the broker refuses 5.
 */
export class BrokerLink {
  readonly #options: BrokerLinkOptions;
  #client: MqttClient;
  #version: 4 | 5 = 5;
  #lastProblem = '';
  #closed: boolean = false;
  /** Resolves at the next connection; there is one whenever there is no connection. */
  #nextConnection: PromiseWithResolve | null = newPromise();
  /** Called when the client they wait for is given up. */
  readonly #givenUp = new Set<() => void>();

  constructor(options: BrokerLinkOptions) {
    this.#options = options;
    this.#client = this.#open();
  }

  /**
   * Publishes at QoS 1 as soon as there is a connection; resolves at PUBACK.
   * @throws Error when the broker refuses the message, or the connection was given up meanwhile
   */
  async publish(
    topic: string,
    payload: string,
    properties: IClientPublishOptions['properties'],
  ): Promise<void> {
    while (this.#nextConnection !== null) await this.#nextConnection.promise;
    const client = this.#client;
    await new Promise<void>((resolve, reject) => {
      const giveUp = (): void => reject(new Error('the connection was given up'));
      this.#givenUp.add(giveUp);
      client.publish(topic, payload, { qos: 1, ...(properties && { properties }) }, (error) => {
        this.#givenUp.delete(giveUp);
        if (error) reject(error);
        else resolve();
      });
    });
  }

  /** Says `offline` if there is a connection, and ends; within `timeoutMs`. */
  async close(timeoutMs: number): Promise<void> {
    this.#closed = true;
    const client = this.#client;
    const farewell = async (): Promise<void> => {
      await client.publishAsync(this.#options.availabilityTopic, 'offline', RETAINED);
      await client.endAsync();
    };
    if (client.connected) await within(timeoutMs, farewell());
    await client.endAsync(true);
    this.#giveUpAll();
  }

  #open(): MqttClient {
    const { url, clientId, username, password, ca, availabilityTopic, reconnectMs } = this.#options;
    const options: IClientOptions = {
      protocolVersion: this.#version,
      clientId,
      clean: true,
      keepalive: KEEPALIVE_S,
      connectTimeout: CONNECT_TIMEOUT_MS,
      reconnectPeriod: reconnectMs,
      reconnectOnConnackError: true,
      will: { topic: availabilityTopic, payload: 'offline', qos: 1, retain: true },
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
      ...(ca !== undefined && { ca }),
    };
    const client = connect(url, options);
    client.on('connect', () => this.#connected(client));
    client.on('close', () => this.#disconnected(client));
    client.on('error', (error) => this.#failed(client, error));
    client.on('disconnect', ({ reasonCode }) =>
      this.#problem(`the broker disconnected, reason ${reasonCode ?? '-'}`),
    );
    return client;
  }

  #connected(client: MqttClient): void {
    this.#lastProblem = '';
    this.#options.log.info({ protocol: this.#version === 5 ? '5' : '3.1.1' }, 'MQTT broker connected');
    client.publish(this.#options.availabilityTopic, 'online', RETAINED, (error) => {
      if (error) this.#problem(`availability: ${error.message}`);
    });
    this.#nextConnection?.resolve();
    this.#nextConnection = null;
  }

  #disconnected(client: MqttClient): void {
    if (client !== this.#client) return;
    this.#nextConnection ??= newPromise();
    this.#problem('no connection');
  }

  #failed(client: MqttClient, error: Error): void {
    const code = 'code' in error ? error.code : undefined;
    if (client !== this.#client) return;
    if (this.#version === 5 && VERSION_REFUSED.includes(code) && !this.#closed) {
      this.#options.log.info({}, 'MQTT broker speaks 3.1.1 only: alerts it queues do not expire');
      this.#version = 4;
      client.end(true);
      this.#giveUpAll();
      this.#client = this.#open();
      return;
    }
    this.#problem(error.message === '' ? String(code) : error.message);
  }

  #giveUpAll(): void {
    for (const giveUp of this.#givenUp) giveUp();
    this.#givenUp.clear();
  }

  /** Logged once, not at every attempt. */
  #problem(what: string): void {
    if (this.#closed || this.#lastProblem !== '') return;
    this.#lastProblem = what;
    this.#options.log.warn(
      { problem: what, retryMs: this.#options.reconnectMs },
      'MQTT broker not connected',
    );
  }
}

type PromiseWithResolve = Readonly<{ promise: Promise<void>; resolve: () => void }>;

function newPromise(): PromiseWithResolve {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** Waits for work, whether it succeeds or not, but no longer than `ms`. */
export async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work.catch(() => undefined), timeout]);
  clearTimeout(timer);
}
