import { appendFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openOutbox } from '../../src/io/store/alert-outbox.ts';
import { anAlert } from '../support/an-alert.ts';

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
  await Promise.all([1, 2, 3, 4].map((visit) => before.add(anAlert(visit))));
  await before.acknowledge(anAlert(2).id);
  await before.acknowledge('never heard of');
  await before.close();
  const after = await openOutbox(folder);
  expect(after.pending()).toEqual([1, 3, 4].map(anAlert));
  await after.close();
});

test('nothing stays on disk once everything is acknowledged', async () => {
  const outbox = await openOutbox(folder);
  await outbox.add(anAlert(1));
  await outbox.add(anAlert(2));
  expect((await stat(file())).size).toBeGreaterThan(100);
  await outbox.acknowledge(anAlert(1).id);
  await outbox.acknowledge(anAlert(2).id);
  expect((await stat(file())).size).toBe(0);
  expect((await stat(file())).mode & 0o777).toBe(0o600);
  await outbox.add(anAlert(3));
  await outbox.close();
  expect(await readFile(file(), 'utf8')).toBe(`${JSON.stringify({ alert: anAlert(3) })}\n`);
});

test('torn and unreadable lines are dropped', async () => {
  const before = await openOutbox(folder);
  await before.add(anAlert(1));
  await before.close();
  await appendFile(file(), 'nonsense\n{"alert":{"id":"x"}}\n{"acknowledged":"main-g');
  const after = await openOutbox(folder);
  expect(after.pending()).toEqual([anAlert(1)]);
  await after.add(anAlert(2));
  await after.close();
  expect((await readFile(file(), 'utf8')).split('\n')).toHaveLength(3);
});

test('at most 1,000 alerts wait, and none of a visit whose record is deleted', async () => {
  const outbox = await openOutbox(folder);
  await Promise.all(Array.from({ length: 1002 }, (_, index) => outbox.add(anAlert(index + 1))));
  expect(outbox.pending()).toHaveLength(1000);
  expect(outbox.pending()[0]?.visitNumber).toBe(3);
  await outbox.add(anAlert(26_001));
  expect(outbox.pending().map(({ visitNumber }) => visitNumber)).toEqual([1002, 26_001]);
  await outbox.close();
});

test('one process at a time', async () => {
  const outbox = await openOutbox(folder);
  await expect(openOutbox(folder)).rejects.toMatchObject({ code: 'locked' });
  await outbox.close();
});
