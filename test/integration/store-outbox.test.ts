import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { alertPayload } from '../../src/alerts/payload.ts';
import { alertId } from '../../src/domain/alert.ts';
import { DiskOutbox } from '../../src/io/store/alert-outbox.ts';
import { readAlerts } from '../../src/io/store/read-alerts.ts';
import { StoreError } from '../../src/io/store/store-error.ts';
import { aVisit } from '../support/a-visit.ts';
import { aNumberedAlert, anAlert, GATE_ID } from '../support/an-alert.ts';
import { type KeptAlerts, openKeptAlerts } from '../support/kept-alerts.ts';
import { recordsOfBefore } from '../support/records-of-before.ts';
import { changeBytes, visitsFileIn, visitsOnDisk } from '../support/visits-on-disk.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'fevergate-outbox-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});
const open = (capVisits?: number): Promise<KeptAlerts> => openKeptAlerts(folder, capVisits);
const waitingIn = ({ outbox }: KeptAlerts): number[] =>
  outbox.pending().map(({ visitNumber }) => visitNumber);
/** The number that the next alert gets after a restart. */
async function nextSequence(capVisits?: number): Promise<number> {
  const records = await open(capVisits);
  const { alert, kept } = records.outbox.add(anAlert(9999));
  records.outbox.written(9999, null);
  await kept;
  await records.close();
  return alert.sequence;
}
const alertsOnDisk = async (): Promise<unknown[]> =>
  (await visitsOnDisk(folder)).map((line) => ('alert' in line ? line.alert : null));

describe('the alerts that wait', () => {
  test('are there in order after a restart, those delivered are not', async () => {
    const before = await open();
    await before.raise(1, 2, 3, 4);
    await before.outbox.acknowledge(anAlert(2).id);
    await before.outbox.acknowledge('never heard of');
    await before.close();
    const after = await open();
    expect(after.outbox.pending()).toEqual([1, 3, 4].map((visit) => aNumberedAlert(visit)));
    expect((await readAlerts(folder)).waiting.map(({ visit }) => visit.number)).toEqual([1, 3, 4]);
    await after.close();
  });

  test('are written with their visits: neither is on disk without the other', async () => {
    const records = await open();
    const { kept } = records.outbox.add(anAlert(1));
    let safe = false;
    void kept.then(() => {
      safe = true;
    });
    await records.folder.visits.append(aVisit(7));
    expect([safe, (await readAlerts(folder)).waiting]).toEqual([false, []]);
    await records.close();
  });

  test('leave nothing but their number once they are delivered', async () => {
    const records = await open();
    await records.raise(1, 2);
    await records.folder.visits.append(aVisit(3));
    const [first, second] = [anAlert(1), anAlert(2)];
    expect(await alertsOnDisk()).toEqual([[1, first.timeMs], [2, second.timeMs], null]);
    await records.outbox.acknowledge(first.id);
    await records.outbox.acknowledge(second.id);
    expect(await alertsOnDisk()).toEqual([[1], [2], null]);
    const text = await readFile(visitsFileIn(folder), 'latin1');
    for (const { id, timeMs } of [first, second]) {
      expect(text).not.toContain(id);
      expect(text).not.toContain(String(timeMs));
    }
    await records.close();
    expect(await readdir(folder)).toEqual(['visits.ndjson']);
    expect(await nextSequence()).toBe(3);
  });

  test('say the same after a restart, but for a time that was put right meanwhile', async () => {
    const before = await open();
    const timeMs = Date.UTC(2026, 0, 5, 3, 4, 5, 678);
    const doubtful = { timeMs, timeTrusted: false };
    const told = [1, 2].map((number) => ({
      ...anAlert(number),
      ...doubtful,
      id: alertId(GATE_ID, number, timeMs),
    }));
    for (const alert of told) {
      const { kept } = before.outbox.add(alert);
      await before.folder.visits.append({ ...aVisit(alert.visitNumber, 'elevated'), ...doubtful });
      await kept;
    }
    const [first, second] = before.outbox.pending();
    await before.folder.visits.amend([2], ({ time_trusted: _, ...visit }) => ({
      ...visit,
      time: '2026-01-06T09:00:00+09:00',
    }));
    await before.close();
    const after = await open();
    expect(after.outbox.pending()).toEqual([
      first,
      { ...second, timeMs: Date.UTC(2026, 0, 6), timeTrusted: true },
    ]);
    const from = { site: 'main', gate: 'gate-1' };
    const [resent] = after.outbox.pending();
    if (first === undefined || resent === undefined) throw new Error('none waits');
    expect(alertPayload(resent, from)).toEqual(alertPayload(first, from));
    await after.close();
  });

  test('go with their visits, erased or beyond the cap, and their numbers are not given again', async () => {
    const records = await open(4);
    await records.raise(1, 2, 3);
    await records.folder.visits.erase(() => [3]);
    expect(waitingIn(records)).toEqual([1, 2]);
    await records.close();
    expect(await nextSequence(4)).toBe(4);
    const more = await open(4);
    for (const number of [10, 11, 12]) await more.folder.visits.append(aVisit(number));
    expect(waitingIn(more)).toEqual([2]);
    for (const number of [13, 14]) await more.folder.visits.append(aVisit(number));
    expect(waitingIn(more)).toEqual([]);
    await more.close();
    expect(await nextSequence(4)).toBe(4);
    const lowered = await open(4);
    lowered.outbox.add(anAlert(20));
    await lowered.folder.visits.append(aVisit(20, 'elevated'));
    for (const number of [21, 22]) await lowered.folder.visits.append(aVisit(number));
    await lowered.close();
    // Opening with a lower cap deletes the visit that told the last number.
    expect(await nextSequence(2)).toBe(5);
    expect((await readAlerts(folder)).waiting).toEqual([]);
  });

  test('of a damaged line are lost, told as such, and the number is not given again', async () => {
    const records = await open();
    await records.raise(1, 2, 3);
    await records.close();
    await changeBytes(visitsFileIn(folder), (bytes) =>
      Buffer.from(bytes.toString('latin1').replace('"alert":[3,', '"alert":[4,'), 'latin1'),
    );
    const after = await open();
    expect(waitingIn(after)).toEqual([1, 2]);
    expect(after.folder.visits.repairs).toEqual({ tornLines: 0, badLines: 1 });
    await after.close();
    expect(await readFile(`${visitsFileIn(folder)}.bad`, 'latin1')).toContain('"alert":[4,');
    expect(await nextSequence()).toBe(4);
  });

  test('wait in memory where their visits cannot be kept, and their numbers are not given again', async () => {
    const records = await open();
    await records.raise(1);
    const { kept } = records.outbox.add(anAlert(2));
    const failure = new StoreError('full', 'no room');
    records.outbox.written(2, failure);
    await expect(kept).rejects.toBe(failure);
    expect(waitingIn(records)).toEqual([1, 2]);
    await records.folder.visits.append(aVisit(3));
    await records.outbox.acknowledge(anAlert(2).id);
    await records.close();
    const after = await open();
    expect(waitingIn(after)).toEqual([1]);
    await after.close();
    expect(await nextSequence()).toBe(3);
  });

  test('that are delivered while the disk can only be read are not sent again once it can be written', async () => {
    const before = await open();
    await before.raise(1, 2);
    await before.close();
    const records = { directory: folder, gateId: GATE_ID };
    const outbox = new DiskOutbox(records);
    await outbox.found(await readAlerts(folder), null);
    await outbox.acknowledge(anAlert(1).id);
    const opened = await open();
    await outbox.found(opened.folder.visits.alertsFound, (numbers) =>
      opened.folder.visits.delivered(numbers),
    );
    expect(outbox.pending()).toEqual([aNumberedAlert(2)]);
    await opened.close();
    const after = await open();
    expect(waitingIn(after)).toEqual([2]);
    await after.close();
  });

  test('are forgotten once 25,000 visits have come since, where nothing else deletes them', async () => {
    const outbox = new DiskOutbox({ directory: folder, gateId: GATE_ID });
    await outbox.keepOnDisk(false);
    await Promise.all(Array.from({ length: 1002 }, (_, index) => outbox.add(anAlert(index + 1)).kept));
    expect(outbox.pending()).toHaveLength(1002);
    await outbox.add(anAlert(26_001)).kept;
    expect(outbox.pending().map(({ visitNumber }) => visitNumber)).toEqual([1002, 26_001]);
  });
});

test('whatever happens, alerts that wait are there after a restart, once and in order, and numbers rise', async () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.constant({ kind: 'elevated' as const }) },
    { weight: 3, arbitrary: fc.constant({ kind: 'normal' as const }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('delivered' as const), which: fc.nat(9) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('erased' as const), which: fc.nat(9) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('checked' as const), which: fc.nat(9) }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'unkept' as const }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('reopened' as const), cap: fc.integer({ min: 1, max: 8 }) }),
    },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
      await rm(folder, { recursive: true });
      let cap = 5;
      let records = await open(cap);
      let kept: { number: number; sequence: number | null }[] = [];
      let sequence = 0;
      const recent = (which: number) =>
        kept[kept.length - 1 - (which % Math.max(1, kept.length))]?.number ?? 0;
      const expectKept = (): void =>
        expect(records.outbox.pending().map((one) => [one.visitNumber, one.sequence])).toEqual(
          kept.flatMap((one) => (one.sequence === null ? [] : [[one.number, one.sequence]])),
        );
      for (const one of [...steps, { kind: 'reopened', cap: 5 } as const]) {
        const number = records.folder.visits.nextNumber;
        switch (one.kind) {
          case 'elevated':
            await records.raise(number);
            kept = [...kept, { number, sequence: ++sequence }].slice(-cap);
            break;
          case 'normal':
            await records.folder.visits.append(aVisit(number));
            kept = [...kept, { number, sequence: null }].slice(-cap);
            break;
          case 'delivered': {
            const alert = records.outbox
              .pending()
              .find(({ visitNumber }) => visitNumber === recent(one.which));
            if (alert !== undefined) await records.outbox.acknowledge(alert.id);
            kept = kept.map((each) =>
              each.number === alert?.visitNumber ? { ...each, sequence: null } : each,
            );
            break;
          }
          case 'erased': {
            const erased = recent(one.which);
            await records.folder.visits.erase(() => [erased]);
            kept = kept.filter((each) => each.number !== erased);
            break;
          }
          case 'checked':
            await records.folder.visits.amend([recent(one.which)], (visit) =>
              visit.class === 'normal'
                ? visit
                : { ...visit, check: { result: 'cleared', temperature_c: null, time: visit.time } },
            );
            break;
          case 'unkept': {
            const { alert, kept: safe } = records.outbox.add(anAlert(number));
            safe.catch(() => undefined);
            records.outbox.written(number, new StoreError('full', 'no room'));
            await records.outbox.acknowledge(alert.id);
            sequence++;
            // The next visit that is kept tells its number.
            await records.folder.visits.append(aVisit(number));
            kept = [...kept, { number, sequence: null }].slice(-cap);
            break;
          }
          case 'reopened':
            await records.close();
            cap = one.cap;
            kept = kept.slice(-cap);
            records = await open(cap);
            expect(records.folder.visits.repairs).toEqual({ tornLines: 0, badLines: 0 });
            expectKept();
            break;
        }
      }
      const { alert, kept: safe } = records.outbox.add(anAlert(records.folder.visits.nextNumber));
      records.outbox.written(alert.visitNumber, null);
      await safe;
      expect(alert.sequence).toBe(sequence + 1);
      await records.close();
    }),
    { numRuns: 150 },
  );
});

describe('alerts of the version before', () => {
  const OLD = 'alerts.ndjson';
  const lines = (...entries: readonly unknown[]): string =>
    entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
  /** Numbers up to 7 were given away; 1 was delivered, 2, 3 and 9 wait, of which 9 has no visit. */
  const left = lines(
    { sequence: 1, visit: 1 },
    { alert: aNumberedAlert(1, 2) },
    { alert: aNumberedAlert(2, 3) },
    { acknowledged: anAlert(1).id },
    { alert: aNumberedAlert(3, 4) },
    { alert: aNumberedAlert(9, 7) },
    'nonsense',
  );
  const WAITING = [aNumberedAlert(2, 3), aNumberedAlert(3, 4), aNumberedAlert(9, 7)];
  async function leaveVisits(): Promise<void> {
    const visits = [1, 2, 3, 4, 5].map((number) => aVisit(number, 'elevated'));
    await recordsOfBefore(folder, visits, [], () => null);
  }

  test('are told before they are taken over, and then are in their visits’ lines', async () => {
    await leaveVisits();
    await writeFile(path.join(folder, OLD), `${left}{"acknowledged":"main-g`);
    await writeFile(path.join(folder, 'alerts.lock'), '1 gone\n');
    const found = await readAlerts(folder);
    expect([found.waiting, found.stray, found.last]).toEqual([[], WAITING, 7]);
    const records = await open();
    expect(records.outbox.pending()).toEqual(WAITING);
    expect(records.folder.visits.nextNumber).toBe(10);
    expect(await alertsOnDisk()).toEqual([null, [3, anAlert(2).timeMs], [4, anAlert(3).timeMs], null, null]);
    expect(JSON.parse(await readFile(path.join(folder, OLD), 'utf8'))).toEqual({ alert: WAITING[2] });
    await records.outbox.acknowledge(anAlert(2).id);
    await records.outbox.acknowledge(anAlert(9).id);
    await records.close();
    expect(await readdir(folder)).toEqual(['visits.ndjson']);
    const after = await open();
    expect(after.outbox.pending()).toEqual([WAITING[1]]);
    await after.close();
    expect(await nextSequence()).toBe(8);
  });

  test('without a visit wait on, and go as soon as nothing of them may be on disk', async () => {
    await leaveVisits();
    await writeFile(path.join(folder, OLD), left);
    await (await open()).close();
    const records = await open();
    expect(records.outbox.pending()).toEqual(WAITING);
    await records.outbox.keepOnDisk(false);
    expect(records.outbox.pending()).toEqual([]);
    await records.close();
    expect(await readdir(folder)).toEqual(['visits.ndjson']);
  });

  test('without a single visit keep their numbers', async () => {
    await writeFile(path.join(folder, OLD), lines({ sequence: 5, visit: 40 }));
    const records = await open();
    expect(records.folder.visits.nextNumber).toBe(41);
    await records.close();
    expect(await readdir(folder)).toEqual(['visits.ndjson']);
    expect(await nextSequence()).toBe(6);
  });

  test('are taken over once, wherever that was interrupted', async () => {
    await leaveVisits();
    const old = path.join(folder, OLD);
    await writeFile(old, left);
    const kept = path.join(os.tmpdir(), `${path.basename(folder)}-left`);
    await copyFile(old, kept);
    try {
      const records = await open();
      await records.close();
      // Every line is written, some of them, or the file was about to be replaced.
      for (const undone of [[], ['"alert":[3,'], ['"alert":[3,', '"alert":[4,']]) {
        await copyFile(kept, old);
        await copyFile(kept, `${old}.tmp`);
        for (const start of undone) await withoutAlert(start);
        const again = await open();
        expect(again.outbox.pending()).toEqual(WAITING);
        await again.close();
        expect(await alertsOnDisk()).toEqual([
          null,
          [3, anAlert(2).timeMs],
          [4, anAlert(3).timeMs],
          null,
          null,
        ]);
        expect((await readdir(folder)).sort()).toEqual([OLD, 'visits.ndjson']);
      }
      // Delivered since: the line is right, not the old file.
      const told = await open();
      await told.outbox.acknowledge(anAlert(2).id);
      await told.close();
      await copyFile(kept, old);
      const after = await open();
      expect(after.outbox.pending()).toEqual(WAITING.slice(1));
      await after.close();
    } finally {
      await rm(kept);
    }
  });

  /** Writes the line of a visit as it was before its alert was taken over. */
  async function withoutAlert(start: string): Promise<void> {
    const { visitPlace, parseVisitLine } = await import('../../src/records/visit-place.ts');
    await changeBytes(visitsFileIn(folder), (bytes) => {
      const at = bytes.indexOf(start);
      const from = at - (at % 512);
      const found = parseVisitLine(bytes.toString('latin1', from, from + 512).trimEnd());
      if (found === null) throw new Error('no such visit');
      bytes.set(visitPlace({ ...found, alert: null }), from);
      return bytes;
    });
  }
});

test('one process at a time', async () => {
  const records = await open();
  await expect(open()).rejects.toMatchObject({ code: 'locked' });
  await records.close();
});
