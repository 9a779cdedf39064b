import { appendFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openOutbox } from '../../src/io/store/alert-outbox.ts';
import { aNumberedAlert, anAlert } from '../support/an-alert.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'fevergate-outbox-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});
const file = (): string => path.join(folder, 'alerts.ndjson');

test('unacknowledged alerts are there in order after a restart, acknowledged ones are not', async () => {
  const before = await openOutbox(folder);
  await Promise.all([1, 2, 3, 4].map((visit) => before.add(anAlert(visit)).kept));
  await before.acknowledge(anAlert(2).id);
  await before.acknowledge('never heard of');
  await before.close();
  const after = await openOutbox(folder);
  expect(after.pending()).toEqual([1, 3, 4].map((visit) => aNumberedAlert(visit)));
  await after.close();
});

test('nothing but their number stays on disk once all alerts are acknowledged', async () => {
  const outbox = await openOutbox(folder);
  await outbox.add(anAlert(1)).kept;
  await outbox.add(anAlert(2)).kept;
  expect((await stat(file())).size).toBeGreaterThan(100);
  await outbox.acknowledge(anAlert(1).id);
  await outbox.acknowledge(anAlert(2).id);
  expect(await readFile(file(), 'utf8')).toBe('{"sequence":2,"visit":2}\n');
  expect((await stat(file())).mode & 0o777).toBe(0o600);
  await outbox.close();
  const after = await openOutbox(folder);
  await after.add(anAlert(7)).kept;
  await after.close();
  expect(await readFile(file(), 'utf8')).toBe(
    `{"sequence":2,"visit":2}\n${JSON.stringify({ alert: aNumberedAlert(7, 3) })}\n`,
  );
});

test('torn and unreadable lines are dropped', async () => {
  const before = await openOutbox(folder);
  await before.add(anAlert(1)).kept;
  await before.close();
  await appendFile(file(), 'nonsense\n{"alert":{"id":"x"}}\n{"acknowledged":"main-g');
  const after = await openOutbox(folder);
  expect(after.pending()).toEqual([aNumberedAlert(1)]);
  await after.add(anAlert(2)).kept;
  await after.close();
  expect((await readFile(file(), 'utf8')).split('\n')).toHaveLength(4);
});

test('none waits of a visit so far back that its record is deleted', async () => {
  const outbox = await openOutbox(folder);
  await Promise.all(Array.from({ length: 1002 }, (_, index) => outbox.add(anAlert(index + 1)).kept));
  expect(outbox.pending()).toHaveLength(1002);
  await outbox.add(anAlert(26_001)).kept;
  expect(outbox.pending().map(({ visitNumber }) => visitNumber)).toEqual([1002, 26_001]);
  await outbox.close();
});

test('the file is written anew when most of it tells nothing any more, and says the same', async () => {
  const outbox = await openOutbox(folder);
  await outbox.add(anAlert(1)).kept;
  for (let visit = 2; visit <= 4200; visit += 1) {
    void outbox.add(anAlert(visit));
    await outbox.acknowledge(anAlert(visit).id);
  }
  expect((await readFile(file(), 'utf8')).split('\n').length).toBeLessThan(8000);
  await outbox.close();
  const after = await openOutbox(folder);
  expect(after.pending()).toEqual([aNumberedAlert(1)]);
  expect(after.add(anAlert(5000)).alert.sequence).toBe(4201);
  await after.close();
});

test('one process at a time', async () => {
  const outbox = await openOutbox(folder);
  await expect(openOutbox(folder)).rejects.toMatchObject({ code: 'locked' });
  await outbox.close();
});
