import type { Config } from '../config/schema.ts';
import { mqttPassword } from '../config/secrets.ts';
import { openAlertChannel } from '../io/mqtt/alert-channel.ts';
import { type EmbeddedBroker, startEmbeddedBroker } from '../io/mqtt/embedded-broker.ts';
import { openAuditTrail } from '../io/store/audit-file.ts';
import { type GateRecords, openGateRecords } from '../io/store/gate-records.ts';
import type { AlertChannel } from '../ports/alert-channel.ts';
import type { AlertOutbox } from '../ports/alert-outbox.ts';
import type { AuditTrail } from '../ports/audit-trail.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';

/** What to close when a gate ends, in the order of opening. */
export type Closing = (() => Promise<void>)[];

const ALERTS_CLOSE_MS = 5000;

/** A gate's records: opened, and looked after while it runs. */
export async function openRecords(
  { records }: Config,
  directory: string,
  { clock, log }: Readonly<{ clock: Clock; log: Log }>,
  closing: Closing,
): Promise<GateRecords> {
  const audit = auditTrailOf(directory, clock);
  const store = await openGateRecords({ directory, records, clock, audit, log });
  closing.push(() => store.close());
  return store;
}

/** The audit trail of a running gate, opened for each entry: where the disk cannot be written the gate runs without. */
export function auditTrailOf(directory: string, clock: Clock): AuditTrail {
  return {
    append: async (event) => (await openAuditTrail(directory, () => clock.wallTime())).append(event),
  };
}

export type AlertsOptions = Readonly<{
  config: Config;
  /** Start a broker, and tell it, whatever the configuration says. */
  embedded: boolean;
  outbox: AlertOutbox;
  /** Told once where alerts go. */
  onBroker: (url: string) => void;
  log: Log;
}>;

/** Connects to where alerts go: the configured broker, or an embedded one. */
export async function openAlerts(options: AlertsOptions, closing: Closing): Promise<AlertChannel> {
  const { config, outbox, log } = options;
  const { mqtt } = config.alerts;
  const { site, name } = config.gate;
  let { url } = mqtt;
  if (options.embedded) {
    const broker = await startBroker(config, log);
    closing.push(() => broker.close());
    url = `mqtt://${mqtt.embeddedBroker.host}:${broker.port}`;
  }
  options.onBroker(url);
  const password = await mqttPassword(mqtt.passwordFile, process.env);
  const alerts = await openAlertChannel({
    url,
    site,
    gate: name,
    clientId: mqtt.clientId,
    username: mqtt.username,
    password,
    caFile: mqtt.caFile,
    outbox,
    log,
  });
  closing.push(() => alerts.close(ALERTS_CLOSE_MS));
  return alerts;
}

/** The embedded broker on its configured port, or on any free one when something listens there already. */
async function startBroker({ alerts }: Config, log: Log): Promise<EmbeddedBroker> {
  const { host, port } = alerts.mqtt.embeddedBroker;
  try {
    return await startEmbeddedBroker({ host, port });
  } catch (error) {
    log.warn({ port, error: String(error) }, 'embedded broker takes another port');
    return startEmbeddedBroker({ host, port: 0 });
  }
}
