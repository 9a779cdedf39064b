import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openVisitStore } from '../../src/io/store/visit-store.ts';
import { aVisit } from '../support/a-visit.ts';
import { type Ended, fevergate } from '../support/command.ts';

/** Whatever may tell of a person, a place or another machine, each where the configuration has room for it. */
const PLANTED = {
  site: 'seongdong',
  name: 'haupttor-7',
  operator: '성동구청 Kim Minjun',
  officer: 'Officer Lee',
  contact: '02-123-4567 lee@gate.example',
  place: 'Block B, 3rd floor',
  noticeUrl: 'https://notice.example/kim',
  broker: 'broker.hospital.example',
  username: 'kim.minjun',
  clientId: 'client-of-kim',
  password: 'correct-horse-battery',
  purpose: 'purpose-told-by-lee',
} as const;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fevergate-bundle-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const planted = (records: string): string => `
gate: { site: ${PLANTED.site}, name: ${PLANTED.name} }
operator:
  { name: '${PLANTED.operator}', officer: '${PLANTED.officer}', contact: '${PLANTED.contact}', place: '${PLANTED.place}', noticeUrl: '${PLANTED.noticeUrl}' }
records: { directory: '${records}', purpose: '${PLANTED.purpose}' }
visit: { answerS: 5 }
alerts:
  mqtt:
    { enabled: true, url: 'mqtts://${PLANTED.broker}:8884', username: '${PLANTED.username}', clientId: '${PLANTED.clientId}' }
`;

async function bundleOf(name: string, config: string): Promise<Readonly<{ ended: Ended; text: string }>> {
  const file = path.join(folder, `${name}.yaml`);
  await writeFile(file, config);
  const out = path.join(folder, `${name}.txt`);
  const ended = await fevergate(['support-bundle', out, '--config', file], {
    FEVERGATE_MQTT_PASSWORD: PLANTED.password,
  });
  return { ended, text: await readFile(out, 'utf8').catch(() => '') };
}

describe('the support bundle', () => {
  test('helps, and holds nothing of a person: no visit, no name, no address, no password', async () => {
    const records = path.join(folder, 'records-of-kim');
    const store = await openVisitStore({ directory: records, capVisits: 100 });
    await store.append(aVisit(1, 'elevated'));
    await store.append(aVisit(2, 'recheck'));
    await store.close();

    const { ended, text } = await bundleOf('gate', planted(records));
    expect(ended).toMatchObject({ code: 0 });
    for (const part of ['== program', '== machine', '== settings', '== doctor', '== services', '== log']) {
      expect(text).toContain(part);
    }
    // Numbers, switches and choices help and are shown.
    expect(text).toContain('"answerS": 5');
    expect(text).toContain('"lens": "BAB"');
    for (const [what, value] of Object.entries(PLANTED)) expect(text, what).not.toContain(value);
    expect(text).not.toContain('records-of-kim');
    expect(text).not.toMatch(/36\.7|36\.71|35\.9|34\.9/);
    expect(text).not.toContain('2026-01-05');
    expect(text.replaceAll('127.0.0.1', '')).not.toMatch(/\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b/);
  });

  test('a configuration that is refused is told by its fields, not by what stands in them', async () => {
    const { ended, text } = await bundleOf(
      'wrong',
      `operator: { name: '${PLANTED.operator}', boss: '${PLANTED.officer}' }\n`,
    );
    expect(ended).toMatchObject({ code: 0 });
    expect(text).toContain('refused: invalid: operator');
    expect(text).not.toContain(PLANTED.operator);
    expect(text).not.toContain(PLANTED.officer);
  });

  test('an existing file is not replaced unless asked', async () => {
    const { ended } = await bundleOf('gate', planted(path.join(folder, 'other')));
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('--force');
  });
});
