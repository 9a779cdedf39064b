import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StorageProfile } from '../../src/domain/storage-profile.ts';
import { startEmbeddedBroker } from '../../src/io/mqtt/embedded-broker.ts';
import { readVisits } from '../../src/io/store/read-visits.ts';

type Decided = Readonly<{ number: number; outcome: string; temperatureC: number }>;
type Run = Readonly<{
  decided: readonly Decided[];
  records: string;
  files: string;
  log: string;
  published: string;
}>;

let folder = '';
const runs = new Map<StorageProfile, Run>();
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'fevergate-profiles-'));
  for (const profile of [0, 1, 2, 3] as const) runs.set(profile, await runOf(profile));
}, 900_000);
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Screens two visitors in a process of its own, and gathers every byte that it wrote or sent. */
async function runOf(profile: StorageProfile): Promise<Run> {
  const records = path.join(folder, `profile-${profile}`);
  const broker = await startEmbeddedBroker({ host: '127.0.0.1', port: 0, password: null, tls: null });
  const sent: Buffer[] = [];
  const tap = createServer((gate) => {
    const onward = connect(broker.port, '127.0.0.1');
    gate.on('data', (chunk) => sent.push(chunk));
    gate.pipe(onward).pipe(gate);
    for (const socket of [gate, onward]) socket.on('error', () => undefined);
  }).listen(0, '127.0.0.1');
  await once(tap, 'listening');
  const { port } = tap.address() as AddressInfo;
  const config = path.join(folder, `${profile}.yaml`);
  await writeFile(config, configText(profile, port));
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/support/profile-run.ts', config, records], {
    env: { ...process.env, FEVERGATE_LOG_LEVEL: 'trace' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let log = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const [code] = (await once(child, 'close')) as [number];
  tap.close();
  await broker.close();
  if (code !== 0) throw new Error(log);
  const decided = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Decided);
  const published = Buffer.concat(sent).toString('latin1');
  return { decided, records, files: await everyByteIn(records), log, published };
}

/** Raised where it is 3. A temperature is elevated from a fixed limit on, so that no baseline tells of others. */
function configText(profile: StorageProfile, port: number): string {
  return `
screening: { method: absolute }
alerts: { mqtt: { enabled: true, url: 'mqtt://127.0.0.1:${port}' } }
records:
  profile: ${profile}
  purpose: route tracing
  legalBasis: { kind: law, text: Article 1, from: 2026-01-01, until: 2026-12-31 }
  photo: { recipient: age1650fezpxza30kykcxuaxwzfclnmh8qm2w0ev8c5qphx596wm7e2ss8m3lr }
`;
}

async function everyByteIn(directory: string): Promise<string> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const texts = files.map((file) => readFile(path.join(file.parentPath, file.name), 'latin1'));
  return (await Promise.all(texts)).join('\n');
}

const runIn = (profile: StorageProfile): Run => {
  const run = runs.get(profile);
  if (run === undefined) throw new Error(`profile ${profile} was not run`);
  return run;
};
/** A reading as anything may write it: to a tenth at least. */
const traces = ({ temperatureC }: Decided): RegExp =>
  new RegExp(
    `(?<![\\d.]|\\d:)(${[1, 2].map((digits) => temperatureC.toFixed(digits).replace('.', '\\.')).join('|')}|${String(Math.trunc(temperatureC * 10) / 10).replace('.', '\\.')}\\d*)`,
  );

describe('what two visitors leave behind', () => {
  test.each([0, 1] as const)(
    'in profile %i: no temperature and no mask, in no file, no log line and no published byte',
    (profile) => {
      const { decided, files, log, published } = runIn(profile);
      expect(decided.map(({ outcome }) => outcome)).toEqual(['normal', 'elevated']);
      for (const visit of decided) {
        for (const bytes of [files, log, published]) expect(bytes).not.toMatch(traces(visit));
      }
      expect(published.match(/"class":"elevated","face_surface_temperature_c":null/g)).toHaveLength(
        decided.filter(({ outcome }) => outcome === 'elevated').length,
      );
      expect(published).not.toMatch(/"mask":"/);
      expect(published).toMatch(/"state":"in_service"/);
      expect(log).not.toMatch(/mask/);
      // Not even how many came, where nothing is kept.
      if (profile === 0) expect(published).not.toMatch(/"visits"|"normal"/);
      else expect(published).toMatch(/"visits":\d/);
    },
  );

  test('in profile 0 nothing of a visit is on disk; in profile 1 the day’s counts alone', async () => {
    expect(runIn(0).files).not.toMatch(/"visits?"|"class"|"number"/);
    expect(await readdir(runIn(0).records)).not.toContain('counts.ndjson');
    const { decided, files } = runIn(1);
    expect(files).toContain(`{"day":"2026-01-05","visits":${decided.length},`);
    expect(files).not.toMatch(/"class"|"number"/);
  });

  test.each([2, 3] as const)(
    'in profile %i: the temperature of the elevated, and of nobody else',
    async (profile) => {
      const { decided, files, log, published, records } = runIn(profile);
      for (const visit of decided) {
        expect(log).not.toMatch(traces(visit));
        if (visit.outcome === 'normal') {
          for (const bytes of [files, published]) expect(bytes).not.toMatch(traces(visit));
        } else {
          expect(files).toMatch(traces(visit));
        }
        if (visit.outcome === 'elevated') expect(published).toMatch(traces(visit));
      }
      expect(await readVisits(records)).toHaveLength(decided.length);
    },
  );
});
