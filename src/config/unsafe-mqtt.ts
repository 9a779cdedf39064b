import type { MqttConfig } from './mqtt-schema.ts';

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[?::1\]?)$/;

/** What would let others read along, or cannot work; each with the field to mend. */
export function unsafeMqtt(mqtt: MqttConfig): readonly Readonly<{ field: string; problem: string }>[] {
  const { url, allowPlainText, embeddedBroker: inside } = mqtt;
  const host = /^mqtt:\/\/(.*?)(:\d+)?$/.exec(url)?.[1];
  const open = inside.enabled && !LOOPBACK.test(inside.host);
  const found: [boolean, string, string][] = [
    [
      host !== undefined && !LOOPBACK.test(host) && !allowPlainText,
      'url',
      'is plain text to another machine; use mqtts://, or set alerts.mqtt.allowPlainText: true',
    ],
    [(mqtt.certFile === null) !== (mqtt.keyFile === null), 'keyFile', together('alerts.mqtt.certFile')],
    [
      (inside.certFile === null) !== (inside.keyFile === null),
      'embeddedBroker.keyFile',
      together('alerts.mqtt.embeddedBroker.certFile'),
    ],
    [
      (inside.username === null) !== (inside.passwordFile === null),
      'embeddedBroker.passwordFile',
      together('alerts.mqtt.embeddedBroker.username'),
    ],
    [
      open && inside.username === null,
      'embeddedBroker.host',
      'is open to other machines; use 127.0.0.1, or set embeddedBroker.username and passwordFile',
    ],
    [
      open && inside.username !== null && inside.certFile === null && !allowPlainText,
      'embeddedBroker.host',
      'is open to other machines in plain text; set embeddedBroker.certFile and keyFile, or alerts.mqtt.allowPlainText: true',
    ],
    [
      mqtt.commands && open && inside.certFile === null,
      'commands',
      'would be heard in plain text from other machines; set embeddedBroker.certFile and keyFile',
    ],
  ];
  return found
    .filter(([wrong]) => wrong)
    .map(([, field, problem]) => ({ field: `alerts.mqtt.${field}`, problem }));
}

function together(field: string): string {
  return `must be set together with ${field}, or both be null`;
}
