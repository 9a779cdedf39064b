import { readFile } from 'node:fs/promises';
import { connectAsync, ErrorWithReasonCode, type IClientOptions } from 'mqtt';

export type GreetingOptions = Readonly<{
  url: string;
  clientId: string;
  username: string | null;
  password: string | null;
  /** CA certificate, PEM; null: the system's. */
  caFile: string | null;
}>;

const WITHIN_MS = 5000;
/** CONNACK of MQTT 3.1.1 and of 5 for a protocol version not spoken. */
const VERSION_REFUSED: readonly number[] = [1, 132];

/**
 * Connects to a broker and leaves again, without a will or a message.
 * @returns protocol version and how long it took
 * @throws Error as the broker, TLS or the network gave it
 */
export async function greetBroker(
  options: GreetingOptions,
): Promise<Readonly<{ protocol: '5' | '3.1.1'; tookMs: number }>> {
  const startedMs = performance.now();
  const { username, password, caFile } = options;
  const settings: IClientOptions = {
    clientId: options.clientId,
    clean: true,
    connectTimeout: WITHIN_MS,
    reconnectPeriod: 0,
    ...(username !== null && { username }),
    ...(password !== null && { password }),
    ...(caFile !== null && { ca: await readFile(caFile) }),
  };
  const greet = async (protocolVersion: 4 | 5): Promise<void> => {
    const client = await connectAsync(options.url, { ...settings, protocolVersion }, false);
    await client.endAsync();
  };
  try {
    await greet(5);
    return { protocol: '5', tookMs: performance.now() - startedMs };
  } catch (error) {
    if (!(error instanceof ErrorWithReasonCode) || !VERSION_REFUSED.includes(error.code)) throw error;
    await greet(4);
    return { protocol: '3.1.1', tookMs: performance.now() - startedMs };
  }
}
