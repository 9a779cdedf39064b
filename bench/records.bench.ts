import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, bench, describe } from 'vitest';
import type { Visit } from '../src/domain/visit.ts';
import { openRecordFolder, type RecordFolder } from '../src/io/store/record-folder.ts';
import { openVisitStore } from '../src/io/store/visit-store.ts';

// A real folder on disk beside the project: a temporary one may be in memory. Aims: a visit in at most 1 ms (median),
// opening at the cap in at most 200 ms. What is written: bench/wear.ts.
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
      },
      teardown: async () => {
        const median =
          append.tookMs.sort((a, b) => a - b)[Math.floor(append.tookMs.length / 2)] ?? Number.NaN;
        console.log(`${append.tookMs.length} visits: median ${median.toFixed(2)} ms`);
        await append.store?.close();
      },
    },
  );
});

describe('visits with a photo at the cap of 500', async () => {
  const PHOTO_CAP = 500;
  const directory = path.join(folder, 'photos');
  const sealed = new Uint8Array(2700).fill(0x61);
  let opened: RecordFolder | null = null;
  const keepVisit = async () => {
    if (opened === null) return;
    const number = opened.visits.nextNumber;
    await opened.photos.keep(number, sealed);
    await opened.visits.append(aVisit(number));
  };
  bench('keep photo and visit, oldest of both deleted, safe on disk', keepVisit, {
    time: 3000,
    setup: async () => {
      opened = await openRecordFolder({ directory, capVisits: PHOTO_CAP });
      while (opened.visits.visits().length < PHOTO_CAP) await keepVisit();
    },
    teardown: async () => {
      await opened?.close();
    },
  });
});
