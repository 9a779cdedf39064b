import { describe, expect, test } from 'vitest';
import { readRequest } from '../../../src/alerts/commands.ts';
import { discovery, discoveryTopic } from '../../../src/alerts/home-assistant.ts';
import { ENTITY_WORDS } from '../../../src/alerts/home-assistant-words.ts';
import { alertPayloadSchema } from '../../../src/alerts/payload.ts';
import {
  countsPayloadSchema,
  healthPayloadSchema,
  statePayloadSchema,
} from '../../../src/alerts/report-payloads.ts';
import { commandTopics, topicsOf } from '../../../src/alerts/topics.ts';

/**
 * Home Assistant's rules: what device discovery must and may hold (homeassistant/components/mqtt/schemas.py), and the
 * pages mqtt, event.mqtt, sensor.mqtt, binary_sensor.mqtt, button.mqtt and switch.mqtt of its documentation.
 */
const DEVICE = [
  'identifiers',
  'connections',
  'manufacturer',
  'model',
  'name',
  'hw_version',
  'serial_number',
  'sw_version',
  'via_device',
  'suggested_area',
  'configuration_url',
];
const ORIGIN = ['name', 'sw_version', 'support_url'];
const ROOT = [
  'device',
  'origin',
  'components',
  'availability',
  'state_topic',
  'command_topic',
  'qos',
  'encoding',
];
const ENTITY = [
  'platform',
  'name',
  'unique_id',
  'default_entity_id',
  'icon',
  'entity_category',
  'enabled_by_default',
  'device_class',
  'value_template',
];
const PLATFORMS: Readonly<Record<string, Readonly<{ must: readonly string[]; may: readonly string[] }>>> = {
  event: { must: ['state_topic', 'event_types'], may: [] },
  sensor: {
    must: ['state_topic'],
    may: [
      'expire_after',
      'force_update',
      'options',
      'state_class',
      'suggested_display_precision',
      'unit_of_measurement',
    ],
  },
  binary_sensor: { must: ['state_topic'], may: ['expire_after', 'off_delay', 'payload_on', 'payload_off'] },
  button: { must: ['command_topic'], may: ['payload_press', 'retain'] },
  switch: {
    must: ['command_topic'],
    may: ['state_topic', 'payload_on', 'payload_off', 'state_on', 'state_off', 'optimistic', 'retain'],
  },
};
const UNITS: Readonly<Record<string, readonly string[]>> = {
  temperature: ['°C', '°F', 'K'],
  data_size: ['B', 'kB', 'MB', 'GB'],
  duration: ['s', 'min', 'h', 'd'],
};
const CLASSES: Readonly<Record<string, readonly string[]>> = {
  sensor: ['enum', ...Object.keys(UNITS)],
  binary_sensor: ['problem'],
};

const OPTIONS = {
  site: 'main',
  gate: 'gate-1',
  softwareVersion: '1.2.3',
  language: 'en',
  commands: true,
  profile: 2,
} as const;
const CASES = [
  OPTIONS,
  { ...OPTIONS, language: 'ko', commands: false } as const,
  { ...OPTIONS, profile: 0 } as const,
  { ...OPTIONS, profile: 3 } as const,
];

describe.each(CASES)('a discovery message (%o)', (options) => {
  const message = discovery(options);
  const components = Object.entries(message.components);

  test('goes to the topic of one device', () => {
    expect(discoveryTopic('homeassistant', options)).toBe(
      'homeassistant/device/fevergate_main_gate-1/config',
    );
    expect(discoveryTopic('ha', options)).toMatch(/^ha\/device\/[A-Za-z0-9_-]+\/config$/);
  });

  test('has a device with an identifier, an origin with a name, and no key that is not known', () => {
    for (const key of Object.keys(message)) expect(ROOT).toContain(key);
    for (const key of Object.keys(message.device)) expect(DEVICE).toContain(key);
    for (const key of Object.keys(message.origin)) expect(ORIGIN).toContain(key);
    expect(message.device['identifiers']).toEqual(['fevergate_main_gate-1']);
    expect(message.origin['name']).toBe('fevergate');
    expect(message.availability).toEqual([{ topic: topicsOf('main', 'gate-1').availability }]);
  });

  test.each(components)('entity %s is one by the rules of its platform', (_, entity) => {
    const platform = PLATFORMS[String(entity['platform'])];
    expect(platform).toBeDefined();
    for (const key of platform?.must ?? []) expect(entity).toHaveProperty(key);
    for (const key of Object.keys(entity)) {
      expect([...ENTITY, ...(platform?.must ?? []), ...(platform?.may ?? [])]).toContain(key);
    }
    expect(entity['unique_id']).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(entity['name']).not.toMatch(/fevergate/);
    const deviceClass = entity['device_class'];
    if (deviceClass !== undefined) {
      expect(CLASSES[String(entity['platform'])]).toContain(deviceClass);
      const units = UNITS[String(deviceClass)];
      if (units !== undefined) expect(units).toContain(entity['unit_of_measurement']);
    }
    if (deviceClass === 'enum') {
      expect(entity['options']).toBeDefined();
      for (const key of ['state_class', 'unit_of_measurement']) expect(entity).not.toHaveProperty(key);
    }
    if (entity['state_class'] !== undefined) {
      expect(['measurement', 'total', 'total_increasing']).toContain(entity['state_class']);
    }
    const category = entity['entity_category'];
    const settable = ['button', 'switch'].includes(String(entity['platform']));
    if (category !== undefined) expect(category).toBe(settable ? 'config' : 'diagnostic');
  });

  test('unique ids are unique', () => {
    expect(new Set(components.map(([, { unique_id }]) => unique_id)).size).toBe(components.length);
  });

  test('every value it shows is a field of the payload at that topic', () => {
    const { alert, counts, state, health } = topicsOf('main', 'gate-1');
    const shapes: Readonly<Record<string, object>> = {
      [alert]: alertPayloadSchema.shape,
      [counts]: countsPayloadSchema.shape,
      [state]: statePayloadSchema.shape,
      [health]: healthPayloadSchema.shape,
    };
    for (const [name, entity] of components) {
      for (const [, field = ''] of String(entity['value_template'] ?? '').matchAll(/value_json\.(\w+)/g)) {
        expect(shapes[String(entity['state_topic'])], name).toHaveProperty(field);
      }
    }
  });

  test('what its buttons and switches send is understood by the gate', () => {
    for (const name of ['mute', 'acknowledge'] as const) {
      const entity = message.components[name];
      expect(entity === undefined).toBe(!options.commands);
      if (entity === undefined) continue;
      expect(entity['command_topic']).toBe(commandTopics('main', 'gate-1', name).request);
      for (const payload of ['payload_on', 'payload_off', 'payload_press'].flatMap(
        (key) => entity[key] ?? [],
      )) {
        expect(readRequest(name, Buffer.from(String(payload))).asked.ok).toBe(true);
      }
    }
  });
});

test('the entities are those of a screening gate, and what a profile never tells has none', () => {
  const names = (profile: 0 | 1 | 2) => Object.keys(discovery({ ...OPTIONS, profile }).components);
  for (const name of [
    'elevated_visit',
    'last_temperature',
    'visits_today',
    'elevated_today',
    'mask_rate',
    'problem',
    'sensor_temperature',
    'acknowledge',
    'mute',
  ]) {
    expect(names(2)).toContain(name);
  }
  expect(names(1)).not.toContain('last_temperature');
  expect(names(1)).toContain('visits_today');
  expect(names(0).filter((name) => /today|rate|temperature$/.test(name))).toEqual([
    'sensor_temperature',
    'room_temperature',
    'cpu_temperature',
  ]);
});

test('every name is translated, and no temperature is called the body’s', () => {
  expect(Object.keys(ENTITY_WORDS.ko)).toEqual(Object.keys(ENTITY_WORDS.en));
  const both = JSON.stringify(ENTITY_WORDS);
  expect(both).not.toMatch(/body|체온/i);
  for (const [key, word] of Object.entries(ENTITY_WORDS.ko)) expect(word, key).toMatch(/[가-힣]/);
});
