import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readAudit } from '../../src/io/store/audit-file.ts';
import { readVisits } from '../../src/io/store/read-visits.ts';
import { verifyRecords } from '../../src/io/store/verify-records.ts';
import { openVisitStore } from '../../src/io/store/visit-store.ts';
import { aVisit } from '../support/a-visit.ts';
import { fevergate } from '../support/command.ts';

const CAP = 25_000;
const REASONS = ['--purpose', 'p', '--recipient', 'r', '--legal-basis', 'l'];

let folder = '';
let records = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'fevergate-beside-'));
  records = path.join(folder, 'records');
  const store = await openVisitStore({ directory: records, capVisits: CAP });
  await Promise.all(Array.from({ length: CAP }, (_, index) => store.append(aVisit(index + 1))));
  await store.close();
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** A simulated gate at real speed, deleting the oldest visit for each one it writes. */
function startGate(): Readonly<{ gate: ChildProcess; visits: () => number[]; ended: Promise<unknown> }> {
  const args = ['simulate', '--visits', '400', '--speed', 'real', '--no-live', '--records', records];
  const gate = spawn(process.execPath, ['--import', 'tsx', 'src/cli.ts', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  gate.stdout.on('data', (text: Buffer) => {
    said += text.toString();
  });
  const visits = (): number[] => [...said.matchAll(/^visit (\d+):/gm)].map(([, number]) => Number(number));
  return { gate, visits, ended: once(gate, 'exit') };
}

const run = (...args: readonly string[]) => fevergate(['records', ...args, '--records', records]);

test('a gate goes on writing while its records are listed, handed over, verified and erased', {
  timeout: 300_000,
}, async () => {
  const { gate, visits, ended } = startGate();
  try {
    while (visits().length < 2) {
      expect(gate.exitCode).toBeNull();
      await sleep(200);
    }
    for (let looks = 0; looks < 20; looks++) {
      const numbers = (await readVisits(records)).map(({ number }) => number);
      expect(numbers.length).toBeLessThanOrEqual(CAP);
      const last = numbers.at(-1) ?? 0;
      expect(numbers).toEqual(
        Array.from({ length: numbers.length }, (_, index) => last - numbers.length + 1 + index),
      );
      await sleep(100);
    }
    const out = path.join(folder, 'beside.csv');
    const exported = await run('export', '--last', '20000', '--out', out, ...REASONS);
    expect(exported.code, exported.stderr).toBe(0);
    expect((await readFile(out, 'utf8')).split('\r\n')).toHaveLength(20_000 + 2);

    const justShown = String(visits()[0]);
    const erased = await run('erase', justShown, '20000-20009', '--yes', '--by', 'visitor');
    expect(erased.code, erased.stderr).toBe(0);
    const kept = new Set((await readVisits(records)).map(({ number }) => number));
    for (const number of [Number(justShown), 20_000, 20_009]) expect(kept.has(number)).toBe(false);
    expect(kept.has(20_010)).toBe(true);
    expect(await verifyRecords(records, CAP)).toMatchObject(Array(4).fill({ whole: true }));
    expect(gate.exitCode).toBeNull();
  } finally {
    gate.kill('SIGTERM');
    await ended;
  }
  const { entries, broken } = await readAudit(records);
  expect(broken).toBeNull();
  const events = entries.map(({ event }) => event);
  expect(events.filter((event) => event !== 'deletion')).toEqual(['start', 'export', 'erasure', 'stop']);
  const numbers = (await readVisits(records)).map(({ number }) => number);
  expect(numbers.slice(-(visits().length - 1))).toEqual(visits().slice(1));
});
