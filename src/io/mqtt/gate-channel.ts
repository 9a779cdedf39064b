import type { Duplex } from 'node:stream';
import type { IPublishPacket } from 'mqtt';
import { birthTopic, type Discovery, discoveryTopic } from '../../alerts/home-assistant.ts';
import { alertPayload } from '../../alerts/payload.ts';
import type { Sender } from '../../alerts/payload-parts.ts';
import { countsPayload, healthPayload, statePayload } from '../../alerts/report-payloads.ts';
import { COMMAND_NAMES, commandTopics, type Topics, topicsOf } from '../../alerts/topics.ts';
import type { Alert, NumberedAlert } from '../../domain/alert.ts';
import type { CountsReport, HealthReport, StateReport } from '../../domain/gate-report.ts';
import type { CommandName } from '../../domain/remote-command.ts';
import type { AlertChannel } from '../../ports/alert-channel.ts';
import type { AlertOutbox } from '../../ports/alert-outbox.ts';
import type { GateReports, RemoteDoor, RemoteRequests } from '../../ports/gate-reports.ts';
import type { Log } from '../../ports/log.ts';
import { AlertError } from './alert-error.ts';
import { AlertQueue } from './alert-queue.ts';
import { BrokerLink, type Taken } from './broker-link.ts';
import { type BrokerAddress, brokerOptions } from './broker-options.ts';
import { createDiscoveryTeller } from './discovery-teller.ts';
import { answerRequest } from './request-answers.ts';

export type GateChannelOptions = BrokerAddress &
  Readonly<{
    site: string;
    gate: string;
    /** One of its own for every gate; `fevergate-SITE-GATE` by default. */
    clientId?: string | null;
    /** Opens a way to a broker inside this process, in place of the URL. */
    openStream?: () => Duplex;
    /** Keeps alerts over restarts; without it they are kept in memory. The caller closes it, after the channel. */
    outbox?: AlertOutbox;
    /** So long a broker keeps an undelivered alert (MQTT 5), minutes; 15 by default. */
    alertExpiryMinutes?: number;
    /** Hear commands; off by default. */
    commands?: boolean;
    /** Tell Home Assistant of the gate; null: do not. */
    homeAssistant?: Readonly<{ prefix: string; discovery: Discovery }> | null;
    log: Log;
    /** IANA zone of the times told; the machine's by default. */
    zone?: string;
    /** `publish` rejects after so long, ms; the alert still goes out when the broker is back. */
    acknowledgeWithinMs?: number;
    /** Pause between attempts to connect, ms. */
    reconnectMs?: number;
    /** So long an alert is offered again while nobody subscribes (MQTT 5), ms; as long as it would be kept by default. */
    unheardForMs?: number;
  }>;

/** A gate's way to and from its subscribers. */
export type GateChannel = AlertChannel & GateReports & RemoteDoor;

const ACKNOWLEDGE_WITHIN_MS = 10_000;
const RECONNECT_MS = 2000;
const FAREWELL_MS = 1000;
const ALERT_EXPIRY_MINUTES = 15;

/**
 * Opens the way to the subscribers. Resolves at once, whether or not the broker can be reached: connecting goes on
 * behind, and what the outbox holds from before goes out first.
 * @throws Error when a certificate or key cannot be read
 */
export async function openGateChannel(options: GateChannelOptions): Promise<GateChannel> {
  return new MqttGateChannel(options, await brokerOptions(options));
}

class MqttGateChannel implements GateChannel {
  readonly #options: GateChannelOptions;
  readonly #from: Sender;
  readonly #topics: Topics;
  readonly #link: BrokerLink;
  readonly #alerts: AlertQueue;
  readonly #expiryS: number;
  readonly #keeping = new Set<Promise<void>>();
  #sequence = 0;
  #requests: RemoteRequests | null = null;
  #closed: boolean = false;

  constructor(options: GateChannelOptions, access: Awaited<ReturnType<typeof brokerOptions>>) {
    const { site, gate, url, log, outbox, homeAssistant, commands = false } = options;
    this.#options = options;
    this.#from = { site, gate };
    this.#topics = topicsOf(site, gate);
    this.#expiryS = 60 * (options.alertExpiryMinutes ?? ALERT_EXPIRY_MINUTES);
    const asked = new Map(
      (commands ? COMMAND_NAMES : []).map((name) => [commandTopics(site, gate, name).request, name]),
    );
    const birth = homeAssistant ? birthTopic(homeAssistant.prefix) : null;
    this.#link = new BrokerLink({
      url,
      access,
      clientId: options.clientId ?? `fevergate-${site}-${gate}`,
      openStream: options.openStream,
      availabilityTopic: this.#topics.availability,
      topicsHeard: [...asked.keys(), ...(birth === null ? [] : [birth])],
      reconnectMs: options.reconnectMs ?? RECONNECT_MS,
      log,
      onConnected: () => this.#requests?.newcomer(),
      onMessage: (topic, packet) => {
        if (topic === birth) teller?.born(packet);
        const name = asked.get(topic);
        if (name !== undefined) void this.#answer(name, packet);
      },
    });
    const teller =
      homeAssistant &&
      createDiscoveryTeller({
        tell: () =>
          this.#link.stand(
            discoveryTopic(homeAssistant.prefix, this.#from),
            JSON.stringify(homeAssistant.discovery),
          ),
        afterBirth: () => this.#requests?.newcomer(),
      });
    this.#alerts = new AlertQueue({
      send: (alert) => this.#sendAlert(alert),
      outbox,
      log,
      unheardForMs: options.unheardForMs ?? this.#expiryS * 1000,
    });
  }

  async publish(alert: Alert): Promise<void> {
    if (this.#closed) throw new AlertError('closed', `alert ${alert.id}: the channel is closed`);
    const { numbered, ready } = this.#keep(alert);
    const waitMs = this.#options.acknowledgeWithinMs ?? ACKNOWLEDGE_WITHIN_MS;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        const message = `alert ${alert.id}: no broker has taken it yet; it will be sent`;
        reject(new AlertError('unacknowledged', message));
      }, waitMs);
      const settle = (act: () => void): void => {
        clearTimeout(timer);
        act();
      };
      this.#alerts.add({
        alert: numbered,
        ready,
        acknowledged: () => settle(resolve),
        failed: (error) => settle(() => reject(error)),
      });
    });
    await Promise.all(this.#keeping);
  }

  tellState(report: StateReport): void {
    const { zone } = this.#options;
    this.#link.stand(this.#topics.state, JSON.stringify(statePayload(report, this.#from, zone)));
  }

  tellCounts(report: CountsReport): void {
    const payload = countsPayload(report, this.#from, this.#options.zone);
    this.#link.mention(this.#topics.counts, JSON.stringify(payload), { qos: 0 });
  }

  tellHealth(report: HealthReport): void {
    const payload = healthPayload(report, this.#from, this.#options.zone);
    this.#link.mention(this.#topics.health, JSON.stringify(payload), { qos: 0 });
  }

  serve(requests: RemoteRequests): void {
    this.#requests = requests;
    requests.newcomer();
  }

  async close(timeoutMs: number): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#alerts.stop(timeoutMs);
    await this.#link.close(FAREWELL_MS);
    this.#alerts.fail();
  }

  #keep(alert: Alert): Readonly<{ numbered: NumberedAlert; ready: Promise<void> }> {
    const { outbox, log } = this.#options;
    if (outbox === undefined) {
      return { numbered: { ...alert, sequence: ++this.#sequence }, ready: Promise.resolve() };
    }
    const added = outbox.add(alert);
    const kept = added.kept
      .catch((error: unknown) => {
        log.error({ id: alert.id, error: String(error) }, 'alert is not on disk, only in memory');
      })
      .finally(() => this.#keeping.delete(kept));
    this.#keeping.add(kept);
    return { numbered: added.alert, ready: kept };
  }

  #sendAlert(alert: NumberedAlert): Promise<Taken> {
    const payload = alertPayload(alert, this.#from, this.#options.zone);
    return this.#link.publish(this.#topics.alert, JSON.stringify(payload), {
      messageExpiryInterval: this.#expiryS,
      contentType: 'application/json',
      payloadFormatIndicator: true,
      userProperties: { version: String(payload.version), id: payload.id },
      // Where it can be acknowledged.
      ...(this.#options.commands && {
        responseTopic: commandTopics(this.#from.site, this.#from.gate, 'acknowledge').request,
      }),
    });
  }

  async #answer(name: CommandName, packet: IPublishPacket): Promise<void> {
    const requests = this.#requests;
    if (requests === null) return;
    const answer = await answerRequest(name, packet, this.#from, requests.carryOut);
    if (answer !== null) this.#link.mention(answer.topic, answer.payload, answer.options);
  }
}
