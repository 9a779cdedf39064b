import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { listCameras } from '../../src/io/camera/list-cameras.ts';
import { openRpicam, type RpicamOptions } from '../../src/io/camera/rpicam.ts';
import type { Camera } from '../../src/ports/camera.ts';
import type { Faults } from '../hardware/rpicam/faults.ts';
import { frameNumber, syntheticFrame } from '../hardware/rpicam/synthetic-frame.ts';
import {
  FAKE_RPICAM_HELLO,
  FAKE_RPICAM_VID,
  FaultSwitch,
  fakesOf,
  film,
  isRunning,
  KeptLog,
  steadyClock,
} from '../hardware/rpicam/use-fake.ts';

const SIZE = { width: 640, height: 480 };
const FRAME_BYTES = (SIZE.width * SIZE.height * 3) / 2;

let faults: FaultSwitch;
let log: KeptLog;
let cameras: Camera[];

beforeEach(() => {
  faults = new FaultSwitch();
  log = new KeptLog();
  cameras = [];
});

afterEach(async () => {
  await Promise.all(cameras.map((camera) => camera.close()));
  faults.remove();
  expect(fakesOf()).toEqual([]);
});

function open(options: Partial<RpicamOptions> = {}): Camera {
  const camera = openRpicam({
    ...SIZE,
    frameRateHz: 30,
    clock: steadyClock,
    log,
    executable: FAKE_RPICAM_VID,
    ...options,
  });
  cameras.push(camera);
  return camera;
}

/** How old frames are when they are handed out, ms; the median of some. */
async function medianAgeMs(camera: Camera): Promise<number> {
  const ages: number[] = [];
  for (let count = 0; count < 15; count++) {
    const { atMs } = await camera.capture();
    ages.push(steadyClock.nowMs() - atMs);
  }
  return ages.sort((a, b) => a - b)[7] ?? Number.NaN;
}

function bufferedBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().arrayBuffers;
}

describe('frames', () => {
  test('are whole, untorn and in order for three seconds', async () => {
    const frames = await film(open(), 3000);
    const numbers = frames.map(({ data }) => frameNumber(data));
    frames.forEach(({ data, width, height }, at) => {
      expect({ width, height }).toEqual(SIZE);
      // Equal byte for byte; toEqual would take seconds over this much.
      expect(Buffer.compare(data, syntheticFrame(numbers[at] ?? -1, width, height))).toBe(0);
    });
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    expect(numbers.length).toBeGreaterThan(30);
    frames.reduce((before, { atMs }) => {
      expect(atMs).toBeGreaterThan(before);
      return atMs;
    }, Number.NEGATIVE_INFINITY);
  });

  test('nobody asked for are dropped, and take no memory', async () => {
    const camera = open();
    const before = await camera.capture();
    const bytes = bufferedBytes();
    await sleep(2000);
    const grownBy = bufferedBytes() - bytes;
    const askedAtMs = steadyClock.nowMs();
    const after = await camera.capture();
    expect(frameNumber(after.data) - frameNumber(before.data)).toBeGreaterThan(20);
    // 60 frames came meanwhile.
    expect(grownBy).toBeLessThan(8 * FRAME_BYTES);
    expect(askedAtMs - after.atMs).toBeLessThan(500);
  });

  test('that were handed out are not overwritten', async () => {
    const camera = open();
    const kept = await film(camera, 300);
    const copies = kept.map(({ data }) => data.slice());
    await film(camera, 500);
    kept.forEach(({ data }, at) => {
      expect(Buffer.compare(data, copies[at] ?? new Uint8Array())).toBe(0);
    });
  });

  test('are not asked of rpicam-vid in sizes whose rows it would pad', () => {
    expect(() => open({ width: 100 })).toThrow(RangeError);
  });
});

describe('time stamps', () => {
  test('say when the sensor was exposed', async () => {
    faults.set({ ageMs: 250 });
    const ageMs = await medianAgeMs(open());
    expect(ageMs).toBeGreaterThanOrEqual(250);
    expect(ageMs).toBeLessThan(450);
  });

  test.each<[string, Faults]>([
    ['there are none', { ageMs: 400, noMetadata: true }],
    ['they are too old', { ageMs: 3000 }],
    ['they are of the future', { ageMs: -500 }],
  ])('are the time of arrival if %s', async (_, fault) => {
    faults.set(fault);
    const ageMs = await medianAgeMs(open());
    expect(ageMs).toBeGreaterThanOrEqual(0);
    expect(ageMs).toBeLessThan(200);
  });
});

describe('a fault', () => {
  test.each<[string, Faults, Partial<RpicamOptions>, string, RegExp]>([
    ['no camera', { noCamera: true }, {}, 'camera-missing', /cable.*camera_auto_detect=1/],
    ['a camera in use', { busy: true }, {}, 'camera-busy', /in use by another program/],
    ['an end', { exitCode: 7 }, {}, 'camera-stopped', /ended with code 7: ERROR: \*\*\* the picture fell/],
    ['silence', { hang: true }, { silentMs: 400, firstFrameMs: 4000 }, 'camera-silent', /no frame for 4 s/],
    ['a late start', { startMs: 60_000 }, { firstFrameMs: 1000 }, 'camera-silent', /no frame for 1 s/],
    ['no end at SIGTERM', { hang: true, stubborn: true }, { firstFrameMs: 3000 }, 'camera-silent', /for 3 s/],
  ])('%s is told, and the next capture starts anew', async (_, fault, options, code, message) => {
    faults.set(fault);
    const camera = open(options);
    await expect(camera.capture()).rejects.toMatchObject({
      name: 'CameraError',
      code,
      message: expect.stringMatching(message),
    });
    faults.set({});
    const frame = await camera.capture();
    expect(frame.data).toHaveLength(FRAME_BYTES);
    expect(fakesOf()).toHaveLength(1);
  });

  test.each<[string, Faults, string]>([
    ['end', { exitCode: 1, garbage: true }, 'camera-stopped'],
    ['silence', { hang: true }, 'camera-silent'],
  ])('in the midst of work (%s) is told', async (_, fault, code) => {
    const camera = open({ silentMs: 500 });
    await film(camera, 300);
    faults.set(fault);
    const failing = film(camera, 30_000);
    await expect(failing).rejects.toMatchObject({ code });
    await expect(failing).rejects.toThrow(/^\P{C}{1,300}$/u);
    faults.set({});
    expect((await film(camera, 300)).length).toBeGreaterThan(1);
  });

  test('nobody waits for is logged, and the next capture starts anew', async () => {
    const camera = open();
    await camera.capture();
    process.kill(fakesOf()[0] ?? -1, 'SIGKILL');
    await vi.waitFor(
      () => expect(log.lines).toEqual([expect.stringMatching(/^warn .*ended by SIGKILL/)]),
      5000,
    );
    expect(fakesOf()).toEqual([]);
    await camera.capture();
  });

  test('noise on stderr is none', async () => {
    faults.set({ garbage: true });
    expect((await film(open(), 500)).length).toBeGreaterThan(1);
  });

  test('a missing program is told with what to install, every time', async () => {
    const camera = open({ executable: '/nowhere/rpicam-vid' });
    for (let time = 0; time < 3; time++) {
      await expect(camera.capture()).rejects.toMatchObject({
        code: 'tool-missing',
        message: '/nowhere/rpicam-vid is not installed; install it with: sudo apt install rpicam-apps',
      });
    }
  });

  test('a camera number that is not there is told', async () => {
    await expect(open({ cameraIndex: 3 }).capture()).rejects.toThrow('there is no camera number 3');
  });
});

describe('the process', () => {
  test('takes the arguments of a turned camera', async () => {
    await open({ rotationDeg: 180, hflip: true, vflip: true, cameraIndex: 0 }).capture();
  });

  test('runs on after an aborted capture, which rejects with the reason', async () => {
    faults.set({ startMs: 500 });
    const camera = open();
    const abort = new AbortController();
    const aborted = camera.capture(abort.signal);
    abort.abort(new Error('no longer wanted'));
    await expect(aborted).rejects.toThrow('no longer wanted');
    await expect(camera.capture(abort.signal)).rejects.toThrow('no longer wanted');
    await camera.capture(new AbortController().signal);
    expect(fakesOf()).toHaveLength(1);
  });

  test('is gone after close, and what was pending rejects', async () => {
    faults.set({ startMs: 30_000 });
    const camera = open();
    const pending = camera.capture();
    await vi.waitFor(() => expect(fakesOf()).toHaveLength(1), 5000);
    const closing = camera.close();
    await expect(pending).rejects.toMatchObject({ code: 'closed' });
    await closing;
    expect(fakesOf()).toEqual([]);
    await expect(camera.capture()).rejects.toMatchObject({ code: 'closed' });
    expect(log.lines).toEqual([]);
  });

  test('does not outlive a gate that is killed', async () => {
    const code = `
      import { openRpicam } from './src/io/camera/rpicam.ts';
      const log = { info() {}, warn() {}, error() {} };
      const camera = openRpicam({ width: 640, height: 480, frameRateHz: 30,
        clock: { nowMs: () => performance.now() }, log, executable: '${FAKE_RPICAM_VID}' });
      await camera.capture();
      process.stdout.write('filming');
      setInterval(() => {}, 1000);`;
    const gate = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', code]);
    await Promise.race([once(gate.stdout, 'data'), once(gate, 'exit')]);
    const [fake = -1] = fakesOf(gate.pid);
    gate.kill('SIGKILL');
    expect(fake).toBeGreaterThan(0);
    await vi.waitFor(() => expect(isRunning(fake)).toBe(false), 10_000);
  });
});

describe('the list of cameras', () => {
  test('has models and modes', async () => {
    const cameras = await listCameras(FAKE_RPICAM_HELLO);
    expect(cameras.map(({ index, model }) => ({ index, model }))).toEqual([
      { index: 0, model: 'imx219' },
      { index: 1, model: 'imx708_wide' },
    ]);
    expect(cameras[0]?.id).toBe('/base/soc/i2c0mux/i2c@1/imx219@10');
    expect(cameras[0]?.modes).toEqual([
      { format: 'SRGGB10_CSI2P', width: 640, height: 480, maxFrameRateHz: 206.65 },
      { format: 'SRGGB10_CSI2P', width: 1640, height: 1232, maxFrameRateHz: 41.85 },
      { format: 'SRGGB10_CSI2P', width: 3280, height: 2464, maxFrameRateHz: 21.19 },
      { format: 'SRGGB8', width: 640, height: 480, maxFrameRateHz: null },
    ]);
  });

  test('tells that there is no camera, or no program', async () => {
    faults.set({ noCamera: true });
    await expect(listCameras(FAKE_RPICAM_HELLO)).rejects.toMatchObject({ code: 'camera-missing' });
    await expect(listCameras('/nowhere/rpicam-hello')).rejects.toMatchObject({ code: 'tool-missing' });
    await expect(listCameras('/bin/false')).rejects.toMatchObject({ code: 'camera-stopped' });
  });
});
