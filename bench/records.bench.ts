import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, bench, describe } from 'vitest';
import type { Visit } from '../src/domain/visit.ts';
import { openVisitStore } from '../src/io/store/visit-store.ts';

// A real folder on disk beside the project: a temporary one may be in memory. Aims: a visit in at most 1 ms (median)
// and 8 KB written, opening at the cap in at most 200 ms.
const CAP = 25_000;
const folder = mkdtempSync(path.join(process.cwd(), '.bench-records-'));
const aVisit = (number: number): Visit => ({
  number,
  timeMs: 1_767_225_600_000 + number * 2000,
  timeTrusted: true,
  outcome: number % 50 === 0 ? 'elevated' : 'normal',
  mask: 'worn',
  reading: { temperatureC: 36.71, uncertaintyC: 0.12 },
  baselineC: 34.85,
  limitC: 35.85,
  sensor: '4d4c58000001',
});

const full = await openVisitStore({ directory: folder, capVisits: CAP });
await Promise.all(Array.from({ length: CAP }, (_, index) => full.append(aVisit(index + 1))));
await full.close();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('visit store at the cap of 25,000', () => {
  bench(
    'open',
    async () => {
      const store = await openVisitStore({ directory: folder, capVisits: CAP });
      if (store.visits().length !== CAP) throw new Error('visits are missing');
      await store.close();
    },
    { iterations: 10, time: 1000 },
  );

  const append = {
    store: null as Awaited<ReturnType<typeof openVisitStore>> | null,
    written: 0,
    tookMs: [] as number[],
  };
  bench(
    'append one visit, oldest deleted, safe on disk',
    async () => {
      if (append.store === null) return;
      const from = performance.now();
      await append.store.append(aVisit(append.store.nextNumber));
      append.tookMs.push(performance.now() - from);
    },
    {
      time: 3000,
      setup: async () => {
        append.store = await openVisitStore({ directory: folder, capVisits: CAP });
        append.tookMs = [];
        append.written = bytesWritten();
      },
      teardown: async () => {
        const each = (bytesWritten() - append.written) / append.tookMs.length;
        const median =
          append.tookMs.sort((a, b) => a - b)[Math.floor(append.tookMs.length / 2)] ?? Number.NaN;
        console.log(
          `${append.tookMs.length} visits: median ${median.toFixed(2)} ms, ${Math.round(each)} bytes each`,
        );
        await append.store?.close();
      },
    },
  );
});

/** Bytes this process has caused to be written to disk (proc(5)). */
function bytesWritten(): number {
  return Number(/^write_bytes: (\d+)/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);
}
