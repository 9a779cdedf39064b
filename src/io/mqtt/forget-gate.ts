import { setTimeout as sleep } from 'node:timers/promises';
import { discoveryTopic } from '../../alerts/home-assistant.ts';
import type { Sender } from '../../alerts/payload-parts.ts';
import { topicsOf } from '../../alerts/topics.ts';
import type { BrokerAddress } from './broker-options.ts';
import { connectOnce } from './connect-once.ts';

/** How long a broker takes to hand out what it retains, ms. */
const RETAINED_WITHIN_MS = 1000;

/**
 * Takes back what a broker retains of a gate: discovery, state, availability.
 * @returns the topics taken back, or null and nothing done when the gate is online
 * @throws Error as the broker, TLS or the network gave it
 */
export async function forgetGate(
  address: BrokerAddress & Sender & Readonly<{ clientId: string; discoveryPrefix: string }>,
): Promise<readonly string[] | null> {
  const { site, gate, discoveryPrefix } = address;
  const { availability, state } = topicsOf(site, gate);
  const { client } = await connectOnce(address);
  try {
    let isOnline = false;
    client.on('message', (_topic, payload) => {
      isOnline = payload.toString() === 'online';
    });
    await client.subscribeAsync(availability, { qos: 1 });
    await sleep(RETAINED_WITHIN_MS);
    if (isOnline) return null;
    await client.unsubscribeAsync(availability);
    const topics = [discoveryTopic(discoveryPrefix, { site, gate }), state, availability];
    for (const topic of topics) await client.publishAsync(topic, '', { qos: 1, retain: true });
    return topics;
  } finally {
    await client.endAsync();
  }
}
