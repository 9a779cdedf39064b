import type { Duplex } from 'node:stream';
import {
  connect,
  type IClientOptions,
  type IClientPublishOptions,
  type IPublishPacket,
  MqttClient,
  type Packet,
} from 'mqtt';
import type { Log } from '../../ports/log.ts';

export type BrokerLinkOptions = Readonly<{
  url: string;
  /** Who and with which keys. */
  access: IClientOptions;
  clientId: string;
  /** Opens a way to a broker inside this process, in place of the URL. */
  openStream?: (() => Duplex) | undefined;
  /** Gets `online` at every connection and `offline` as last will; retained. */
  availabilityTopic: string;
  /** Heard at every connection; a broker that forbids one is logged. */
  topicsHeard: readonly string[];
  onMessage: (topic: string, packet: IPublishPacket) => void;
  onConnected: () => void;
  /** Pause between attempts to connect, ms. */
  reconnectMs: number;
  log: Log;
}>;

/** What a broker did with a message: `unheard` when it says that nobody subscribes (MQTT 5). */
export type Taken = 'taken' | 'unheard';

type Properties = IClientPublishOptions['properties'];

const KEEPALIVE_S = 30;
const CONNECT_TIMEOUT_MS = 10_000;
/** CONNACK codes of MQTT 3.1.1 (section 3.2.2.3) and 5 (section 3.2.2.2) for a protocol version not spoken. */
const VERSION_REFUSED: readonly unknown[] = [1, 132];
/**
 * A broker that knows 3.1.1 only may hang up on MQTT 5 without an answer, as RabbitMQ did before 3.13. So may a bad network, and
 * 3.1.1 does not tell that nobody subscribes: many times in a row, and only while 5 was never spoken.
 */
const HUNG_UP_TIMES = 20;
/** Errors of a broker that hung up; others tell that it was not reached. */
const HUNG_UP: readonly unknown[] = ['ECONNRESET', 'EPIPE'];
/** PUBACK code of MQTT 5 (section 3.4.2.1). */
const NO_MATCHING_SUBSCRIBERS = 16;
const RETAINED: IClientPublishOptions = { qos: 1, retain: true };

/**
 * A connection to a broker that is made again whenever it breaks, for ever. Speaks MQTT 5, and 3.1.1 from then on when
 * the broker refuses 5; where it hangs up without an answer, the one and the other in turn.
 */
export class BrokerLink {
  readonly #options: BrokerLinkOptions;
  #client: MqttClient;
  #version: 4 | 5 = 5;
  #lastProblem = '';
  /** Whether the attempt under way has reached the broker and been answered. */
  #attempt: 'open' | 'answered' | 'not-reached' = 'open';
  #hungUp = 0;
  #spoke5: boolean = false;
  #closed: boolean = false;
  /** Resolves at the next connection; there is one whenever there is no connection. */
  #nextConnection: PromiseWithResolve | null = newPromise();
  /** Called when the client they wait for is given up. */
  readonly #givenUp = new Set<() => void>();
  /** Message ids of packets that nobody subscribes to, until their callbacks: these are given no PUBACK. */
  readonly #unheard = new Set<number>();
  /** Retained payloads by topic, told anew at every connection: a broker may have lost them. */
  readonly #standing = new Map<string, string>();

  constructor(options: BrokerLinkOptions) {
    this.#options = options;
    this.#client = this.#open();
  }

  /**
   * Publishes at QoS 1 as soon as there is a connection; resolves at PUBACK.
   * @throws Error when the broker refuses the message, or the connection was given up meanwhile
   */
  async publish(topic: string, payload: string, properties: Properties): Promise<Taken> {
    while (this.#nextConnection !== null) await this.#nextConnection.promise;
    const client = this.#client;
    return new Promise((resolve, reject) => {
      const giveUp = (): void => reject(new Error('the connection was given up'));
      this.#givenUp.add(giveUp);
      client.publish(topic, payload, { qos: 1, ...(properties && { properties }) }, (error, packet) => {
        this.#givenUp.delete(giveUp);
        if (error) reject(error);
        else resolve(this.#wasUnheard(packet) ? 'unheard' : 'taken');
      });
    });
  }

  /** What is so until it is told otherwise: retained, QoS 1, now and at every connection. */
  stand(topic: string, payload: string): void {
    this.#standing.set(topic, payload);
    if (this.#client.connected && !this.#closed) this.#tell(topic, payload, RETAINED);
  }

  /** What is of use only now: dropped without a connection. */
  mention(topic: string, payload: string, options: IClientPublishOptions): void {
    if (this.#client.connected && !this.#closed) this.#tell(topic, payload, options);
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
    const { url, access, openStream, clientId, availabilityTopic, reconnectMs } = this.#options;
    const options: IClientOptions = {
      ...access,
      protocolVersion: this.#version,
      clientId,
      clean: true,
      keepalive: KEEPALIVE_S,
      connectTimeout: CONNECT_TIMEOUT_MS,
      reconnectPeriod: reconnectMs,
      reconnectOnConnackError: true,
      // What is asked while nobody listens is asked in vain: a late command is a wrong one.
      resubscribe: false,
      will: { topic: availabilityTopic, payload: 'offline', qos: 1, retain: true },
    };
    const client = openStream === undefined ? connect(url, options) : new MqttClient(openStream, options);
    client.on('connect', () => this.#connected(client));
    client.on('close', () => this.#disconnected(client));
    client.on('error', (error) => this.#failed(client, error));
    client.on('packetreceive', (packet) => {
      if (packet.cmd !== 'puback' || packet.messageId === undefined) return;
      if (packet.reasonCode === NO_MATCHING_SUBSCRIBERS) this.#unheard.add(packet.messageId);
    });
    client.on('message', (topic, _payload, packet) => {
      if (client === this.#client) this.#options.onMessage(topic, packet);
    });
    client.on('disconnect', ({ reasonCode }) =>
      this.#problem(`the broker disconnected, reason ${reasonCode ?? '-'}`),
    );
    return client;
  }

  #connected(client: MqttClient): void {
    const { log, availabilityTopic, topicsHeard, onConnected } = this.#options;
    this.#lastProblem = '';
    this.#attempt = 'answered';
    this.#hungUp = 0;
    this.#spoke5 ||= this.#version === 5;
    if (this.#version === 4) log.info({}, 'MQTT broker speaks 3.1.1 only: alerts it queues do not expire');
    log.info({ protocol: this.#version === 5 ? '5' : '3.1.1' }, 'MQTT broker connected');
    this.#tell(availabilityTopic, 'online', RETAINED);
    for (const [topic, payload] of this.#standing) this.#tell(topic, payload, RETAINED);
    if (topicsHeard.length > 0) {
      client.subscribe([...topicsHeard], { qos: 1 }, (error) => {
        if (error) log.warn({ error: error.message }, 'MQTT broker does not let the gate hear requests');
      });
    }
    this.#nextConnection?.resolve();
    this.#nextConnection = null;
    onConnected();
  }

  #tell(topic: string, payload: string, options: IClientPublishOptions): void {
    const { log } = this.#options;
    this.#client.publish(topic, payload, options, (error, packet) => {
      this.#wasUnheard(packet);
      if (error && !this.#closed) log.warn({ topic, error: error.message }, 'MQTT broker did not take it');
    });
  }

  #wasUnheard(packet: Packet | undefined): boolean {
    return packet?.messageId !== undefined && this.#unheard.delete(packet.messageId);
  }

  #disconnected(client: MqttClient): void {
    if (client !== this.#client) return;
    this.#nextConnection ??= newPromise();
    this.#problem('no connection');
    this.#hungUp = this.#attempt === 'open' ? this.#hungUp + 1 : 0;
    this.#attempt = 'open';
    if (this.#hungUp >= HUNG_UP_TIMES && !this.#spoke5) this.#speak(this.#version === 5 ? 4 : 5);
  }

  /** Goes on with another version of the protocol. */
  #speak(version: 4 | 5): void {
    if (this.#closed) return;
    this.#hungUp = 0;
    this.#version = version;
    this.#client.end(true);
    this.#giveUpAll();
    this.#client = this.#open();
  }

  #failed(client: MqttClient, error: Error): void {
    const code = 'code' in error ? error.code : undefined;
    if (client !== this.#client) return;
    if (!HUNG_UP.includes(code)) this.#attempt = 'not-reached';
    if (this.#version === 5 && VERSION_REFUSED.includes(code)) this.#speak(4);
    else this.#problem(error.message === '' ? String(code) : error.message);
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
