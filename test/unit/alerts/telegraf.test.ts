import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { payloadJsonSchemas } from '../../../src/alerts/json-schemas.ts';

const CONFIG = readFileSync('docs/integrations/telegraf.conf', 'utf8');
const PAGE = readFileSync('docs/integrations/telegraf.md', 'utf8');
type Properties = Readonly<
  Record<string, Readonly<{ type?: unknown; anyOf?: readonly object[]; const?: unknown }>>
>;

const propertiesOf = (name: string): Properties => {
  const schema = payloadJsonSchemas().get(name);
  return (schema as { properties: Properties }).properties;
};

/** The inputs of the configuration: each with its topic and settings. */
const inputs = CONFIG.split('[[').filter((part) => part.startsWith('inputs.mqtt_consumer'));

describe('docs/integrations/telegraf.conf', () => {
  test.each(inputs)('%s takes fields that are there', (input) => {
    const [, kind = ''] = /topics = \["fevergate\/\+\/\+\/(\w+)"\]/.exec(input) ?? [];
    const fields = propertiesOf(kind);
    expect(input).toContain(`name_override = "fevergate_${kind}"`);
    for (const setting of ['tag_keys', 'json_string_fields', 'fielddrop']) {
      const [, list = ''] = new RegExp(`${setting} = \\[(.*)\\]`).exec(input) ?? [];
      for (const [, field = ''] of list.matchAll(/"(\w+)"/g)) expect(Object.keys(fields)).toContain(field);
    }
    const [, time = ''] = /json_time_key = "(\w+)"/.exec(input) ?? [];
    expect(Object.keys(fields)).toContain(time);
  });

  test('takes counts, health, state and alerts', () => expect(inputs).toHaveLength(4));
});

/** `measurement,tags fields time`, the field values as floats (InfluxDB's line protocol). */
const LINE = /^fevergate_(\w+),gate=[\w-]+,site=[\w-]+ ((?:\w+=-?\d+(?:\.\d+)?,?)+) (\d{19})$/;

test.each([...PAGE.matchAll(/^fevergate_.*$/gm)].map(([line]) => line))(
  'the line %s has the payload’s numbers, all of them, in order',
  (line) => {
    const [, kind = '', fields = '', time = ''] = LINE.exec(line) ?? [];
    const numbers = Object.entries(propertiesOf(kind))
      .filter(([name]) => name !== 'version')
      .filter(([, property]) => /number|integer/.test(JSON.stringify(property)))
      .map(([name]) => name);
    expect(fields.split(',').map((field) => field.split('=')[0])).toEqual(numbers.sort());
    expect(new Date(Number(BigInt(time) / 1_000_000n)).getUTCFullYear()).toBe(2026);
  },
);
