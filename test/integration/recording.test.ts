import { appendFile, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RecordedDecision, RecordedInput, RecordingHeader } from '../../src/io/recording/format.ts';
import { openRecording } from '../../src/io/recording/reader.ts';
import { openRecordingWriter } from '../../src/io/recording/writer.ts';

const header: RecordingHeader = {
  version: 1,
  firstVisitNumber: 1,
  poweredOnAtMs: -1e6,
  eeprom: Array.from({ length: 832 }, (_, word) => word),
  config: { any: 'thing' },
};
const inputs: readonly RecordedInput[] = [
  {
    kind: 'subpage',
    raw: { words: Uint16Array.from({ length: 834 }, (_, word) => 65_535 - word), atMs: 125.5 },
  },
  {
    kind: 'frame',
    judgeMasks: true,
    frame: { atMs: 130, width: 4, height: 2, data: Uint8Array.from({ length: 12 }, (_, i) => i) },
  },
  { kind: 'checks', atMs: 240, verdicts: [{ aboveNormalC: 0.9, confirmed: true }] },
  { kind: 'tick', atMs: 250 },
  {
    kind: 'frame',
    judgeMasks: true,
    frame: { atMs: 255, width: 4, height: 2, data: new Uint8Array(12).fill(200) },
  },
  { kind: 'fault', atMs: 300, part: 'camera', failed: true },
];
const decisions: readonly RecordedDecision[] = [
  {
    number: 1,
    atMs: 300,
    outcome: 'normal',
    mask: 'worn',
    temperatureC: 35.123456789,
    uncertaintyC: 0.1,
    baselineC: null,
  },
];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'fevergate-recording-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function record(): Promise<void> {
  const writer = await openRecordingWriter(folder);
  writer.begin(header);
  for (const input of inputs) writer.write(input);
  await writer.close(decisions);
}

async function replayed(): Promise<readonly RecordedInput[]> {
  const recording = await openRecording(folder);
  const all: RecordedInput[] = [];
  for await (const input of recording.inputs()) all.push(input);
  return all;
}

describe('recording', () => {
  test('comes back as it went in, in order', async () => {
    await record();
    expect(await replayed()).toEqual(inputs);
    const recording = await openRecording(folder);
    expect(recording.header).toEqual(header);
    expect(recording.decisions).toEqual(decisions);
  });

  test('is readable by its owner alone: frames show faces', async () => {
    await record();
    for (const name of ['recording.json', 'inputs.ndjson', 'frames.bin', 'decisions.json']) {
      expect((await stat(path.join(folder, name))).mode & 0o077, name).toBe(0);
    }
  });

  test('does not overwrite what a folder holds', async () => {
    await writeFile(path.join(folder, 'precious'), 'x');
    await expect(openRecordingWriter(folder)).rejects.toMatchObject({ code: 'exists' });
    expect(await readFile(path.join(folder, 'precious'), 'utf8')).toBe('x');
  });

  test('a missing or malformed part is told by name', async () => {
    await expect(openRecording(folder)).rejects.toMatchObject({
      code: 'unreadable',
      message: expect.stringContaining('recording.json'),
    });
    await record();
    await appendFile(path.join(folder, 'inputs.ndjson'), '{"kind":"tick"}\n');
    await expect(replayed()).rejects.toMatchObject({
      code: 'malformed',
      message: expect.stringContaining('inputs.ndjson, line 7'),
    });
    await truncate(path.join(folder, 'frames.bin'), 3);
    await expect(replayed()).rejects.toMatchObject({
      code: 'malformed',
      message: expect.stringContaining('cut off'),
    });
  });
});
