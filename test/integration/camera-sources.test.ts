import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openRpicam } from '../../src/io/camera/rpicam.ts';
import { openV4l2Camera, type V4l2CameraOptions } from '../../src/io/camera/v4l2-camera.ts';
import { openImageFolderCamera } from '../../src/io/image/image-folder-camera.ts';
import type { Camera } from '../../src/ports/camera.ts';
import { frameNumber, syntheticFrame } from '../hardware/rpicam/synthetic-frame.ts';
import { FAKE_RPICAM_VID, FaultSwitch, film, KeptLog, steadyClock } from '../hardware/rpicam/use-fake.ts';

const FFMPEG = 'ffmpeg';
const SIZE = { width: 320, height: 240 };
const LUMA = SIZE.width * SIZE.height;
const common = { ...SIZE, frameRateHz: 30, clock: steadyClock };

let faults: FaultSwitch;
let cameras: Camera[];

beforeEach(() => {
  faults = new FaultSwitch();
  cameras = [];
});

afterEach(async () => {
  await Promise.all(cameras.map((camera) => camera.close()));
  faults.remove();
});

function toClose(camera: Camera): Camera {
  cameras.push(camera);
  return camera;
}

describe('a USB camera', () => {
  const open = (options: Partial<V4l2CameraOptions>): Camera =>
    toClose(openV4l2Camera({ ...common, log: new KeptLog(), ...options }));
  const lavfi = (graph: string): Partial<V4l2CameraOptions> => ({
    input: ['-re', '-f', 'lavfi', '-i', `${graph}:rate=30`],
  });
  const noFfmpeg = spawnSync(FFMPEG, ['-version']).error !== undefined;

  test('can be tried here', (context) => {
    if (noFfmpeg) context.skip(process.env['CI'] === undefined, 'ffmpeg is not installed');
    expect(noFfmpeg).toBe(false);
  });

  describe.skipIf(noFfmpeg)('by way of ffmpeg', () => {
    test('gives frames of the size wanted, one after the other', async () => {
      const frames = await film(open(lavfi('testsrc2=size=320x240')), 1500);
      expect(frames.length).toBeGreaterThan(10);
      for (const [at, { data, atMs }] of frames.entries()) {
        expect(data).toHaveLength(LUMA * 1.5);
        const before = frames[at - 1];
        if (before === undefined) continue;
        expect(atMs).toBeGreaterThan(before.atMs);
        expect(Buffer.compare(data, before.data)).not.toBe(0);
      }
    });

    test('gives full range values, and crops what is wider', async () => {
      // A white square between two black bars; the bars are cut off.
      const graph = 'color=white:size=320x240:rate=30,pad=640:240:160:0:black';
      const { data } = await open({ input: ['-re', '-f', 'lavfi', '-i', graph] }).capture();
      const luma = data.subarray(0, LUMA);
      expect(Math.min(...luma.subarray(10, SIZE.width - 10))).toBeGreaterThanOrEqual(254);
      expect(data.subarray(LUMA).every((chroma) => Math.abs(chroma - 128) <= 1)).toBe(true);
    });

    test('that is not there is told', async () => {
      await expect(open({ device: '/dev/video-none' }).capture()).rejects.toMatchObject({
        code: 'camera-missing',
        message: expect.stringContaining('/dev/video-none'),
      });
    });

    test('that ends is told, and starts anew', async () => {
      const camera = open({ input: ['-f', 'lavfi', '-i', 'testsrc2=size=320x240:rate=30:duration=0.2'] });
      await expect(film(camera, 30_000)).rejects.toMatchObject({ code: 'camera-stopped' });
      await camera.capture();
    });
  });

  test.each([
    ['Permission denied', 'camera-denied', 'group video'],
    ['Device or resource busy', 'camera-busy', '/dev/video7 is in use'],
    ['Not a video capture device.', 'camera-missing', '/dev/video7 is no camera'],
    ['Something else', 'camera-stopped', 'ended with code 1: [video4linux2] Something else'],
  ])('of which ffmpeg says "%s" is told as %s', async (complaint, code, message) => {
    const executable = join(faults.directory, 'ffmpeg');
    writeFileSync(executable, `#!/bin/sh\necho '[video4linux2] ${complaint}' >&2\nexit 1\n`);
    chmodSync(executable, 0o755);
    const capture = open({ executable, device: '/dev/video7' }).capture();
    await expect(capture).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  test('needs ffmpeg', async () => {
    await expect(open({ executable: '/nowhere/ffmpeg' }).capture()).rejects.toMatchObject({
      code: 'tool-missing',
      message: expect.stringContaining('sudo apt install ffmpeg'),
    });
  });
});

describe('a folder of pictures', () => {
  const open = (directory: string): Camera => toClose(openImageFolderCamera({ ...common, directory }));
  const folder = (): string => {
    const directory = join(faults.directory, 'pictures');
    mkdirSync(directory, { recursive: true });
    return directory;
  };
  const write = (name: string, background: string, width = 640): Promise<unknown> =>
    sharp({ create: { width, height: 480, channels: 3, background } }).toFile(join(folder(), name));

  test('is shown in the order of the names, again and again, at the gate’s size', async () => {
    await write('b.png', '#808080');
    await write('a.jpg', '#000000');
    await write('c.webp', '#ffffff', 2000);
    await sharp({ create: { width: 9, height: 9, channels: 3, background: '#404040' } })
      .greyscale()
      .toFile(join(folder(), 'd.png'));
    writeFileSync(join(folder(), 'notes.txt'), 'no picture');
    const frames = await film(open(folder()), 700);
    const periodMs = 1000 / 30;
    const first = frames[0]?.atMs ?? 0;
    for (const { atMs, data, width, height } of frames) {
      expect({ width, height }).toEqual(SIZE);
      const shade = [0, 0x80, 0xff, 0x40][Math.round((atMs - first) / periodMs) % 4] ?? -1;
      expect(Math.abs((data[LUMA / 2] ?? -99) - shade)).toBeLessThanOrEqual(1);
      expect(Math.abs((data[LUMA] ?? -99) - 128)).toBeLessThanOrEqual(1);
    }
    expect(frames.length).toBeGreaterThan(4);
  });

  test('that is missing, empty or holds no picture is told, and works once mended', async () => {
    await expect(open('/nowhere/pictures').capture()).rejects.toThrow('/nowhere/pictures');
    const camera = open(folder());
    await expect(camera.capture()).rejects.toMatchObject({
      code: 'pictures',
      message: expect.stringContaining(folder()),
    });
    const broken = join(folder(), 'broken.jpg');
    writeFileSync(broken, 'no picture');
    await expect(camera.capture()).rejects.toMatchObject({
      code: 'pictures',
      message: expect.stringContaining(broken),
    });
    rmSync(broken);
    await write('a.jpg', '#000000');
    await camera.capture();
  });

  test('can be given up and closed', async () => {
    await write('a.jpg', '#000000');
    const camera = open(folder());
    await camera.capture();
    const abort = new AbortController();
    abort.abort(new Error('no longer wanted'));
    await expect(camera.capture(abort.signal)).rejects.toThrow('no longer wanted');
    await camera.close();
    await expect(camera.capture()).rejects.toMatchObject({ code: 'closed' });
  });
});

describe('the stand-in for rpicam-vid', () => {
  const ask = ['-t', '0', '-n', '--codec', 'yuv420', '--framerate', '30', '-o', '-'];

  test('pads rows to 64 pixels, and holds back the tail of a frame without --flush', async () => {
    const fake = spawn(FAKE_RPICAM_VID, [...ask, '--width', '100', '--height', '10']);
    const [first] = (await once(fake.stdout, 'data')) as [Buffer];
    fake.kill();
    // Frames of 128 x 10 x 1.5 bytes; whole blocks only.
    expect(first.length % 4096).toBe(0);
    const frame = syntheticFrame(0, 100, 10);
    expect(first.subarray(0, 100)).toEqual(Buffer.from(frame.subarray(0, 100)));
    expect(first.subarray(100, 128)).toEqual(Buffer.alloc(28));
    expect(first.subarray(1280, 1330)).toEqual(Buffer.from(frame.subarray(1000, 1050)));
  });

  test('shows the frames of a socket at the sender’s pace', async () => {
    const path = join(faults.directory, 'frames.sock');
    const asked: string[] = [];
    const server = createServer((socket) => void serve(socket, asked)).listen(path);
    process.env['FEVERGATE_FAKE_CAMERA_SOCK'] = path;
    try {
      const options = { ...common, log: new KeptLog(), executable: FAKE_RPICAM_VID, silentMs: 300 };
      const camera = toClose(openRpicam(options));
      for (let number = 0; number < 5; number++) {
        const { data } = await camera.capture();
        expect(frameNumber(data)).toBe(100 + number);
        expect(Buffer.compare(data, syntheticFrame(100 + number, SIZE.width, SIZE.height))).toBe(0);
      }
      await expect(camera.capture()).rejects.toMatchObject({ code: 'camera-silent' });
    } finally {
      delete process.env['FEVERGATE_FAKE_CAMERA_SOCK'];
      server.close();
    }
    expect(JSON.parse(asked[0] ?? '')).toEqual({ ...SIZE, frameRateHz: 30 });
  });

  /** Five frames, a fifth of a second apart, and the end. */
  async function serve(socket: Socket, asked: string[]): Promise<void> {
    for await (const line of createInterface(socket)) {
      asked.push(line);
      for (let number = 100; number < 105; number++) {
        await steadyClock.sleep(200);
        socket.write(Buffer.alloc(8));
        socket.write(syntheticFrame(number, SIZE.width, SIZE.height));
      }
      socket.end();
    }
  }
});
