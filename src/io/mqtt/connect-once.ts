import { connectAsync, ErrorWithReasonCode, type MqttClient } from 'mqtt';
import { type BrokerAddress, brokerOptions } from './broker-options.ts';

const WITHIN_MS = 5000;
/** CONNACK of MQTT 3.1.1 and of 5 for a protocol version not spoken. */
const VERSION_REFUSED: readonly number[] = [1, 132];
/** Of mqtt.js, when the broker hung up without an answer. */
const NO_ANSWER = "Couldn't connect to server";

/** A connection that is not made again when it breaks, without a will; MQTT 5, or 3.1.1 when the broker refuses 5 or hangs up on it. */
export async function connectOnce(
  address: BrokerAddress & Readonly<{ clientId: string }>,
): Promise<Readonly<{ client: MqttClient; protocol: '5' | '3.1.1' }>> {
  const options = {
    ...(await brokerOptions(address)),
    clientId: address.clientId,
    clean: true,
    connectTimeout: WITHIN_MS,
    reconnectPeriod: 0,
  };
  try {
    const client = await connectAsync(address.url, { ...options, protocolVersion: 5 }, false);
    return { client, protocol: '5' };
  } catch (error) {
    if (!speaksNot5(error)) throw error;
    return {
      client: await connectAsync(address.url, { ...options, protocolVersion: 4 }, false),
      protocol: '3.1.1',
    };
  }
}

function speaksNot5(error: unknown): boolean {
  if (error instanceof ErrorWithReasonCode) return VERSION_REFUSED.includes(error.code);
  if (!(error instanceof Error)) return false;
  return error.message === NO_ANSWER || ('code' in error && error.code === 'ECONNRESET');
}
