import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { GateInput } from '../../src/app/gate-loop.ts';
import { runGate } from '../../src/app/run-gate.ts';
import { configSchema } from '../../src/config/schema.ts';
import type { CameraFrame } from '../../src/domain/camera-frame.ts';
import { initialState } from '../../src/gate/gate.ts';
import { FrameCutter } from '../../src/io/camera/frame-cutter.ts';
import { FrameDater } from '../../src/io/camera/frame-dater.ts';
import { NewestFrame } from '../../src/io/camera/newest-frame.ts';
import { openRecording } from '../../src/io/recording/reader.ts';
import { openRecordingWriter } from '../../src/io/recording/writer.ts';
import type { Clock } from '../../src/ports/clock.ts';

const picture = (): Uint8Array => new Uint8Array(6).fill(77);
const frameOf = (atMs: number): CameraFrame => ({ atMs, width: 2, height: 2, data: picture() });
const isWiped = (data: Uint8Array): boolean => data.every((byte) => byte === 0);

/** A clock on which sleeping takes no real time. */
function swiftClock(): Clock {
  let nowMs = 0;
  return {
    nowMs: () => nowMs,
    wallTime: () => ({ unixMs: 0, trusted: true }),
    async sleep(ms, signal) {
      await new Promise((resolve) => setImmediate(resolve));
      nowMs += ms;
      signal?.throwIfAborted();
    },
  };
}

/** Runs a gate for some frames; what each frame held when it was found in, when it was judged, and afterwards. */
async function lookedAt(finding: 'works' | 'fails') {
  const captured: CameraFrame[] = [];
  const found: number[] = [];
  const judged: number[] = [];
  const stop = new AbortController();
  await runGate(
    {
      clock: swiftClock(),
      loop: {
        state: { ...initialState(1), presence: { sinceMs: 0, lastMs: 0 } },
        accept(input: GateInput) {
          if (input.kind === 'frame') judged.push(input.frame.data[0] ?? 0);
        },
      },
      async *subpages(signal) {
        yield await new Promise<never>((_, reject) => {
          signal.addEventListener('abort', () => reject(new Error('stopped')));
        });
      },
      camera: {
        width: 2,
        height: 2,
        capture() {
          const frame = frameOf(captured.length * 1000);
          captured.push(frame);
          if (captured.length === 5) stop.abort();
          return Promise.resolve(frame);
        },
        close: () => Promise.resolve(),
      },
      faceFinder: {
        find(frame) {
          found.push(frame.data[0] ?? 0);
          return finding === 'works' ? Promise.resolve([]) : Promise.reject(new Error('no memory'));
        },
        close: () => Promise.resolve(),
      },
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    },
    stop.signal,
  );
  return { captured, found, judged };
}

describe('a camera frame is overwritten once it was looked at', () => {
  test('by the running gate: whole while it is judged, zero afterwards', async () => {
    const { captured, found, judged } = await lookedAt('works');
    expect(captured).toHaveLength(5);
    expect(found).toEqual([77, 77, 77, 77, 77]);
    expect(judged).toEqual([77, 77, 77, 77, 77]);
    expect(captured.every(({ data }) => isWiped(data))).toBe(true);
  });

  test('also when looking at it failed', async () => {
    const { captured } = await lookedAt('fails');
    expect(captured).toHaveLength(5);
    expect(captured.every(({ data }) => isWiped(data))).toBe(true);
  });

  test('and so is one nobody asked for', () => {
    const cut: Uint8Array[] = [];
    const cutter = new FrameCutter(6, (whole) => cut.push(whole));
    const newest = new NewestFrame();
    const pictures = [picture(), picture(), picture()];
    for (const one of pictures) cutter.push(one);
    expect(cut).toHaveLength(3);
    const put = cut.map((data, at) => newest.put({ atMs: at, width: 2, height: 2, data }));
    for (const unseen of put) if (unseen !== null) cutter.reuse(unseen.data);
    expect(cut.map(isWiped)).toEqual([true, true, false]);
    newest.fail(new Error('closed'));
    expect(cut.map(isWiped)).toEqual([true, true, true]);
  });

  test('and one that still waited for its time stamp', () => {
    const dater = new FrameDater(swiftClock(), () => undefined);
    const held = picture();
    dater.picture(held);
    expect(isWiped(held)).toBe(false);
    dater.stop();
    expect(isWiped(held)).toBe(true);
  });

  test('a recording, which its operator asked for, has it whole all the same', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'fevergate-wiped-'));
    const writer = await openRecordingWriter(folder);
    writer.begin({
      version: 1,
      config: configSchema.parse({}),
      eeprom: new Array<number>(832).fill(0),
      firstVisitNumber: 1,
      poweredOnAtMs: 0,
    });
    const frame = frameOf(5);
    writer.write({ kind: 'frame', frame, judgeMasks: false });
    frame.data.fill(0);
    await writer.close([]);
    const inputs = [];
    for await (const input of (await openRecording(folder)).inputs()) inputs.push(input);
    expect(inputs).toEqual([{ kind: 'frame', frame: frameOf(5), judgeMasks: false }]);
    await rm(folder, { recursive: true });
  });
});
