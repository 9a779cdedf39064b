import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { alertJsonSchema, alertPayload, alertPayloadSchema } from '../../../src/alerts/payload.ts';
import { parseOutboxLine } from '../../../src/alerts/stored-alert.ts';
import { ALERT_EXPIRY_S, topicsOf } from '../../../src/alerts/topics.ts';
import { anAlert } from '../../support/an-alert.ts';

const GATE = { site: 'main', gate: 'gate-1' };

test('an alert goes out flat, with time and offset, to a hundredth of a degree', () => {
  const payload = alertPayload(anAlert(12), GATE, 'Asia/Seoul');
  expect(payload).toEqual({
    version: 2,
    id: 'main-gate-1-12-abc',
    site: 'main',
    gate: 'gate-1',
    visit: 12,
    time: '2026-01-05T09:00:12.000+09:00',
    time_trusted: true,
    class: 'elevated',
    face_surface_temperature_c: 36.71,
    uncertainty_c: 0.12,
    baseline_c: 34.85,
    mask: 'worn',
    advice: 'Check with a clinical thermometer.',
  });
  expect(alertPayloadSchema.parse(payload)).toEqual(payload);
  expect(alertPayload({ ...anAlert(1), baselineC: null }, GATE).baseline_c).toBeNull();
  const bare = { temperatureC: null, uncertaintyC: null, baselineC: null, mask: null };
  expect(alertPayload({ ...anAlert(1), ...bare }, GATE)).toMatchObject({
    face_surface_temperature_c: null,
    uncertainty_c: null,
    baseline_c: null,
    mask: null,
  });
  expect(parseOutboxLine(JSON.stringify({ alert: { ...anAlert(1), ...bare } }))).not.toBeNull();
});

test('what is no time is a bug, told at once', () => {
  expect(() => alertPayload({ ...anAlert(1), timeMs: Number.NaN }, GATE)).toThrow(RangeError);
});

test('an outbox line reads back; anything else is none', () => {
  const line = { alert: anAlert(1) };
  expect(parseOutboxLine(JSON.stringify(line))).toEqual(line);
  expect(parseOutboxLine('{"acknowledged":"a"}')).toEqual({ acknowledged: 'a' });
  for (const text of ['', '{', '{}', '{"alert":{"id":"a"}}', '{"acknowledged":"a","more":1}']) {
    expect(parseOutboxLine(text)).toBeNull();
  }
});

// Drift checks: `npx vitest run test/unit/alerts -u` writes the schema anew.
test('docs/mqtt/alert.schema.json is the schema', async () => {
  const text = `${JSON.stringify(alertJsonSchema(), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot('../../../docs/mqtt/alert.schema.json');
});

test('docs/mqtt.md tells the topics, every field, the expiry, and examples that hold', () => {
  const page = readFileSync('docs/mqtt.md', 'utf8');
  for (const topic of Object.values(topicsOf('<site>', '<gate>'))) expect(page).toContain(`\`${topic}\``);
  for (const [field, { description }] of Object.entries(alertPayloadSchema.shape)) {
    expect(page).toContain(`| \`${field}\` | ${description}`);
  }
  expect(page).toContain(`${ALERT_EXPIRY_S / 60} minutes`);
  const examples = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(
    (match) => JSON.parse(match[1] ?? '') as unknown,
  );
  expect(examples.length).toBeGreaterThanOrEqual(2);
  for (const example of examples) expect(() => alertPayloadSchema.parse(example)).not.toThrow();
});
