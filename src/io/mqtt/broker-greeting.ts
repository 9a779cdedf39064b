import type { BrokerAddress } from './broker-options.ts';
import { connectOnce } from './connect-once.ts';

/**
 * Connects to a broker and leaves again, without a will or a message.
 * @returns protocol version and how long it took
 * @throws Error as the broker, TLS or the network gave it
 */
export async function greetBroker(
  address: BrokerAddress & Readonly<{ clientId: string }>,
): Promise<Readonly<{ protocol: '5' | '3.1.1'; tookMs: number }>> {
  const startedMs = performance.now();
  const { client, protocol } = await connectOnce(address);
  await client.endAsync();
  return { protocol, tookMs: performance.now() - startedMs };
}
