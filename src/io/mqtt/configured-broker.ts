import type { MqttConfig } from '../../config/mqtt-schema.ts';
import { mqttPassword, refuseOthers, secretLine } from '../../config/secrets.ts';
import type { BrokerAddress } from './broker-options.ts';
import type { EmbeddedBrokerOptions } from './embedded-broker.ts';

/**
 * Where the configured broker is and how the gate proves itself there.
 * @throws ConfigError when a password or a key may be read by others
 */
export async function brokerAddress(mqtt: MqttConfig): Promise<BrokerAddress> {
  const { url, username, caFile, certFile, keyFile, verifyServerName } = mqtt;
  if (keyFile !== null) await refuseOthers(keyFile, 'alerts.mqtt.keyFile');
  const password = await mqttPassword(mqtt.passwordFile, process.env);
  return { url, username, password, caFile, certFile, keyFile, verifyServerName };
}

/** @throws ConfigError when the password may be read by others */
export async function embeddedPassword({
  username,
  passwordFile,
}: MqttConfig['embeddedBroker']): Promise<EmbeddedBrokerOptions['password']> {
  if (username === null || passwordFile === null) return null;
  const password = await secretLine(passwordFile, 'alerts.mqtt.embeddedBroker.passwordFile');
  return { username, password };
}

/** @throws ConfigError when the key may be read by others */
export async function embeddedTls({
  certFile,
  keyFile,
}: MqttConfig['embeddedBroker']): Promise<EmbeddedBrokerOptions['tls']> {
  if (certFile === null || keyFile === null) return null;
  await refuseOthers(keyFile, 'alerts.mqtt.embeddedBroker.keyFile');
  return { certFile, keyFile };
}
