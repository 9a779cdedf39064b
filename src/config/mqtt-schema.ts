import { z } from 'zod';
import { flag, section, whole } from './field-kinds.ts';

/** Without a user part: secrets have no place in a configuration. */
const BROKER_URL = /^mqtts?:\/\/(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(:\d{1,5})?$/;

const fileOrNull = (what: string) => z.string().min(1).nullable().default(null).describe(what);

const embeddedBroker = section(
  {
    enabled: flag(false, 'Start a broker inside the gate, so that subscribers need no server.'),
    host: z
      .string()
      .min(1)
      .default('127.0.0.1')
      .describe('Address it listens at; anything but loopback needs a password and a certificate.'),
    port: whole(0, 65_535, 1883, 'Port it listens at; 0 takes any free one.'),
    username: z
      .string()
      .min(1)
      .max(64)
      .nullable()
      .default(null)
      .describe('User name that subscribers give; null: they give none.'),
    passwordFile: fileOrNull('File with their password alone, readable by its owner only (0600).'),
    certFile: fileOrNull('Its certificate, PEM; with it the broker speaks TLS only.'),
    keyFile: fileOrNull('The private key of its certificate, PEM, readable by its owner only (0600).'),
  },
  'A broker inside the gate.',
);

const homeAssistant = section(
  {
    enabled: flag(false, 'Tell Home Assistant of the gate by MQTT discovery.'),
    discoveryPrefix: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,32}$/, 'must be 1 to 32 of a-z, A-Z, 0-9, _ and -')
      .default('homeassistant')
      .describe('First part of its discovery topics.'),
    language: z.enum(['en', 'ko']).default('en').describe('Language of the entities’ names.'),
  },
  'Home Assistant.',
);

export const mqtt = section(
  {
    enabled: flag(false, 'Tell remote subscribers of elevated visits and of the gate. Off until configured.'),
    url: z
      .string()
      .regex(BROKER_URL, 'must be mqtt://HOST:PORT or mqtts://HOST:PORT, without user name or password')
      .default('mqtt://127.0.0.1:1883')
      .describe('The broker: mqtt:// or mqtts:// and host, with port.'),
    allowPlainText: flag(false, 'Allow mqtt:// (no TLS) between machines.'),
    clientId: z
      .string()
      .min(1)
      .max(64)
      .nullable()
      .default(null)
      .describe('MQTT client id, its own for every gate; null: fevergate-SITE-NAME.'),
    username: z.string().nullable().default(null).describe('User name at the broker; null: none.'),
    passwordFile: z
      .string()
      .nullable()
      .default(null)
      .describe(
        'File with the password alone, readable by its owner only (0600); FEVERGATE_MQTT_PASSWORD goes before it.',
      ),
    caFile: z
      .string()
      .nullable()
      .default(null)
      .describe('CA certificate of the broker, PEM; null: the system’s.'),
    certFile: fileOrNull('The gate’s own certificate, PEM, where the broker asks for one.'),
    keyFile: fileOrNull('The private key of that certificate, PEM, readable by its owner only (0600).'),
    verifyServerName: flag(true, 'Check that the broker’s certificate is for the host of the URL.'),
    alertExpiryMinutes: whole(
      1,
      1440,
      15,
      'A broker drops an alert that it could not deliver for so long (MQTT 5).',
    ),
    commands: flag(
      false,
      'Hear commands: mute, acknowledge, check, refresh. Who may send them is the broker’s ACL.',
    ),
    homeAssistant,
    embeddedBroker,
  },
  'MQTT.',
);

export type MqttConfig = z.output<typeof mqtt>;
