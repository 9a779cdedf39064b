import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, bench, describe } from 'vitest';
import { pdfOf } from '../src/commands/records/pdf-export.ts';
import { openAuditTrail } from '../src/io/store/audit-file.ts';
import { readVisits } from '../src/io/store/read-visits.ts';
import { verifyRecords } from '../src/io/store/verify-records.ts';
import { openVisitStore } from '../src/io/store/visit-store.ts';
import { CSV_HEADER, csvOfVisit } from '../src/records/csv.ts';
import { selectVisits } from '../src/records/selection.ts';

// Aims: 25,000 visits looked up in at most 100 ms and exported in at most 2 s. Processor time is printed beside wall
// time, since other work on the machine is in the latter.
const CAP = 25_000;
const OUTCOMES = [
  'normal',
  'normal',
  'normal',
  'normal',
  'recheck',
  'normal',
  'normal',
  'normal',
  'normal',
  'elevated',
] as const;
const folder = mkdtempSync(path.join(process.cwd(), '.bench-lookup-'));
const store = await openVisitStore({ directory: folder, capVisits: CAP });
await Promise.all(
  Array.from({ length: CAP }, (_, index) =>
    store.append({
      number: index + 1,
      timeMs: 1_767_225_600_000 + index * 40_000,
      timeTrusted: true,
      outcome: OUTCOMES[index % OUTCOMES.length] ?? 'normal',
      mask: 'worn',
      reading: { temperatureC: 36.71, uncertaintyC: 0.12 },
      baselineC: 34.85,
      limitC: 36.4,
      sensor: '4d4c58000001',
    }),
  ),
);
await store.close();
const visits = await readVisits(folder);
const trail = await openAuditTrail(folder);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const facts = {
  gate: 'main/gate-1',
  software: 'fevergate',
  time: '2026-01-31T14:05:30+09:00',
  selection: 'all visits',
  reasons: { purpose: 'p', recipient: 'r', legalBasis: 'l', by: 'b' },
};
const elevated = { fromMs: null, untilMs: null, classes: ['elevated'], numbers: null, last: null } as const;

/** Benches `work` and prints the medians of its wall and processor times. */
function timed(name: string, iterations: number, work: () => Promise<unknown> | unknown): void {
  const wallMs: number[] = [];
  const processorMs: number[] = [];
  const median = (all: number[]): string =>
    (all.sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN).toFixed(1);
  bench(
    name,
    async () => {
      const before = process.cpuUsage();
      const from = performance.now();
      await work();
      wallMs.push(performance.now() - from);
      const { user, system } = process.cpuUsage(before);
      processorMs.push((user + system) / 1000);
    },
    {
      iterations,
      time: 0,
      warmupIterations: 2,
      warmupTime: 0,
      teardown: (_, mode) => {
        if (mode !== 'run') return;
        console.log(`${name}: median ${median(wallMs)} ms, ${median(processorMs)} ms of processor time`);
      },
    },
  );
}

describe('25,000 visits', () => {
  timed('look up: read all, choose the elevated', 15, async () =>
    selectVisits(await readVisits(folder), elevated),
  );
  timed('CSV', 10, () => Buffer.from(CSV_HEADER + visits.map(csvOfVisit).join('')));
  timed('JSON Lines', 10, () => Buffer.from(visits.map((visit) => `${JSON.stringify(visit)}\n`).join('')));
  timed('PDF, Korean', 3, () => pdfOf(visits, facts, 'ko', () => undefined));
  timed('verify', 5, () => verifyRecords(folder, CAP));
  timed('one audit entry, safe on disk', 30, () => trail.append({ event: 'stop' }));
});
