import type { Config } from '../config/schema.ts';
import { mqttPassword } from '../config/secrets.ts';
import { openAlertChannel } from '../io/mqtt/alert-channel.ts';
import { type EmbeddedBroker, startEmbeddedBroker } from '../io/mqtt/embedded-broker.ts';
import { openOutbox } from '../io/store/alert-outbox.ts';
import { deleteOrphans, openPhotoStore } from '../io/store/photo-store.ts';
import { openVisitStore } from '../io/store/visit-store.ts';
import type { AlertChannel } from '../ports/alert-channel.ts';
import type { AlertOutbox } from '../ports/alert-outbox.ts';
import type { Log } from '../ports/log.ts';
import type { PhotoStore } from '../ports/photo-store.ts';
import type { VisitStore } from '../ports/visit-store.ts';

/** What to close when a gate ends, in the order of opening. */
export type Closing = (() => Promise<void>)[];

const ALERTS_CLOSE_MS = 5000;

/** Opens the folder of the records. */
export async function openRecords(
  { records }: Config,
  directory: string,
  closing: Closing,
  log: Log,
): Promise<Readonly<{ store: VisitStore; photos: PhotoStore; outbox: AlertOutbox }>> {
  const store = await openVisitStore({ directory, capVisits: records.capVisits, log });
  closing.push(() => store.close());
  const photos = await openPhotoStore({ directory, capPhotos: records.capVisits, log });
  closing.push(() => photos.close());
  await deleteOrphans(photos, new Set(store.visits().map(({ number }) => number)));
  const outbox = await openOutbox(directory);
  closing.push(() => outbox.close());
  return { store, photos, outbox };
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
