import { discovery } from '../alerts/home-assistant.ts';
import type { RemoteParts } from '../app/remote/remote-parts.ts';
import type { Config } from '../config/schema.ts';
import { brokerAddress, embeddedPassword, embeddedTls } from '../io/mqtt/configured-broker.ts';
import type { EmbeddedBroker } from '../io/mqtt/embedded-broker.ts';
import { type GateChannel, openGateChannel } from '../io/mqtt/gate-channel.ts';
import type { GateRecords } from '../io/store/gate-records.ts';
import type { AuditTrail } from '../ports/audit-trail.ts';
import type { Log } from '../ports/log.ts';
import type { ReadMachineVitals } from '../ports/machine-vitals.ts';
import type { Closing } from './gate-sinks.ts';
import { softwareVersion } from './software-version.ts';

export type RemoteOptions = Readonly<{
  config: Config;
  /** Start a broker, and tell it, whatever the configuration says. */
  embedded: boolean;
  store: GateRecords;
  audit: AuditTrail;
  machine: ReadMachineVitals;
  /** Told once where alerts go. */
  onBroker: (url: string) => void;
  log: Log;
}>;

/** A gate's subscribers: alerts go there, and how it is; requests may come from there. */
export type Remote = Readonly<{ alerts: GateChannel; remote: RemoteParts }>;

const CLOSE_MS = 5000;

/**
 * Connects to where alerts go: the configured broker, or an embedded one.
 * @throws ConfigError when a password or a key may be read by others
 */
export async function openRemote(options: RemoteOptions, closing: Closing): Promise<Remote> {
  const { config, store, log } = options;
  const { mqtt } = config.alerts;
  const { site, name: gate } = config.gate;
  const inside = options.embedded ? await startBroker(config, log, closing) : null;
  const version = await softwareVersion();
  const channel = await openGateChannel({
    ...(inside === null ? await brokerAddress(mqtt) : { url: inside.url, openStream: inside.broker.attach }),
    site,
    gate,
    clientId: mqtt.clientId,
    outbox: store.outbox,
    alertExpiryMinutes: mqtt.alertExpiryMinutes,
    commands: mqtt.commands,
    homeAssistant: mqtt.homeAssistant.enabled
      ? {
          prefix: mqtt.homeAssistant.discoveryPrefix,
          discovery: discovery({
            site,
            gate,
            language: mqtt.homeAssistant.language,
            softwareVersion: version,
            commands: mqtt.commands,
            profile: config.records.profile,
          }),
        }
      : null,
    log,
  });
  closing.push(() => channel.close(CLOSE_MS));
  options.onBroker(inside?.url ?? mqtt.url);
  return {
    alerts: channel,
    remote: {
      channel,
      machine: options.machine,
      audit: options.audit,
      softwareVersion: version,
      alertsWaiting: () => store.outbox.pending().length,
      countsOf: (day) => store.countsOf(day),
      enterCheck: (check) => store.enterCheck(check),
      profile: () => store.state().profile,
    },
  };
}

/** The embedded broker on its configured port, or on any free one when something listens there already. */
async function startBroker(
  { alerts }: Config,
  log: Log,
  closing: Closing,
): Promise<Readonly<{ broker: EmbeddedBroker; url: string }>> {
  const { embeddedBroker } = alerts.mqtt;
  const { host, port } = embeddedBroker;
  // Loaded where there is one only: a gate without it starts sooner.
  const { startEmbeddedBroker } = await import('../io/mqtt/embedded-broker.ts');
  const tls = await embeddedTls(embeddedBroker);
  const options = { host, tls, password: await embeddedPassword(embeddedBroker) };
  const started = await startEmbeddedBroker({ ...options, port }).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    log.warn({ port, error: String(error) }, 'embedded broker takes another port');
    return startEmbeddedBroker({ ...options, port: 0 });
  });
  closing.push(() => started.close());
  return { broker: started, url: `${tls === null ? 'mqtt' : 'mqtts'}://${host}:${started.port}` };
}
