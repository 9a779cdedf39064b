import { readFileSync } from 'node:fs';
import specs from '@asyncapi/specs';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { asyncApi } from '../../../src/alerts/asyncapi.ts';
import { payloadJsonSchemas } from '../../../src/alerts/json-schemas.ts';
import { COMMAND_NAMES, commandTopics, topicsOf } from '../../../src/alerts/topics.ts';

const PAGE = readFileSync('docs/mqtt.md', 'utf8');
const schemas = payloadJsonSchemas();
const formatOf = (name: string): string => `docs/mqtt/${name}.schema.json`;

// Drift checks: `npx vitest run test/unit/alerts -u` writes the files anew.
test.each([...schemas])('docs/mqtt/%s.schema.json is the schema', async (name, schema) => {
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(`../../../${formatOf(name)}`);
});

test('docs/mqtt/asyncapi.json is the AsyncAPI document, and one by AsyncAPI’s own schema', async () => {
  const document = asyncApi();
  await expect(`${JSON.stringify(document, null, 2)}\n`).toMatchFileSnapshot(
    '../../../docs/mqtt/asyncapi.json',
  );
  const ajv = new Ajv({ strict: false, validateFormats: false });
  const holds = ajv.validate(specs.schemasWithoutId['3.0.0'] as object, document);
  expect(ajv.errors ?? [], JSON.stringify(ajv.errors)).toEqual([]);
  expect(holds).toBe(true);
  for (const [, file = ''] of JSON.stringify(document).matchAll(/"\.\/([\w.-]+)"/g)) {
    expect(() => readFileSync(`docs/mqtt/${file}`)).not.toThrow();
  }
});

test('docs/mqtt.md tells every topic, and every field of every payload', () => {
  const topics = [
    ...Object.values(topicsOf('<site>', '<gate>')),
    ...COMMAND_NAMES.map((name) => commandTopics('<site>', '<gate>', name).request),
  ];
  for (const topic of topics) expect(PAGE).toContain(`\`${topic}\``);
  for (const [name, schema] of schemas) {
    const { properties } = schema as { properties: Record<string, { description: string }> };
    for (const [field, { description }] of Object.entries(properties)) {
      expect(PAGE, `${name}: ${field}`).toContain(`| \`${field}\` | ${description}`);
    }
  }
});

test('every example of docs/mqtt.md holds by the published schema it names, and every schema has one', () => {
  const shown = new Set<string>();
  for (const [, name = '', text = ''] of PAGE.matchAll(/```json ([\w-]+)\n([\s\S]*?)```/g)) {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const published: unknown = JSON.parse(readFileSync(formatOf(name), 'utf8'));
    ajv.validate(published as object, JSON.parse(text));
    expect(ajv.errors, `${name}: ${text}`).toBeNull();
    shown.add(name);
  }
  expect(PAGE.match(/```json\n/g)).toBeNull();
  expect([...shown].sort()).toEqual([...schemas.keys()].sort());
});
