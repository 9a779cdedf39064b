import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import sharp from 'sharp';
import { rgbToI420 } from '../../camera/rgb-to-i420.ts';
import type { CameraFrame } from '../../domain/camera-frame.ts';
import { type Camera, CameraError } from '../../ports/camera.ts';
import type { Clock } from '../../ports/clock.ts';

export type ImageFolderOptions = Readonly<{
  directory: string;
  /** Even, pixels. */
  width: number;
  /** Even, pixels. */
  height: number;
  /** How many pictures a second are shown. */
  frameRateHz: number;
  clock: Pick<Clock, 'nowMs' | 'sleep'>;
}>;

const PICTURES = ['.jpg', '.jpeg', '.png', '.webp'];
/** Largest picture taken, pixels. */
const MOST_PIXELS = 50_000_000;

/**
 * A folder of pictures (JPEG, PNG, WebP) as a camera: shown in the order of their names at the frame rate, again and
 * again. A picture of another shape is scaled and cropped, not distorted. The folder is read at the first capture, and
 * anew after an error; CameraError `pictures` names the folder or the file.
 */
export function openImageFolderCamera(options: ImageFolderOptions): Camera {
  return new ImageFolderCamera(options);
}

class ImageFolderCamera implements Camera {
  readonly width: number;
  readonly height: number;
  readonly #options: ImageFolderOptions;
  readonly #closed = new AbortController();
  #files: readonly string[] = [];
  #startMs = 0;
  #nextFrame = 0;
  /** What the last frame showed: a picture shown again and again is read once. */
  #shown: Readonly<{ file: string; data: Uint8Array }> | null = null;

  constructor(options: ImageFolderOptions) {
    this.width = options.width;
    this.height = options.height;
    this.#options = options;
  }

  async capture(signal?: AbortSignal): Promise<CameraFrame> {
    const abort = signal === undefined ? this.#closed.signal : AbortSignal.any([signal, this.#closed.signal]);
    abort.throwIfAborted();
    try {
      if (this.#files.length === 0) await this.#begin();
      return await this.#next(abort);
    } catch (error) {
      if (error instanceof CameraError) this.#files = [];
      throw error;
    }
  }

  close(): Promise<void> {
    this.#closed.abort(new CameraError('closed', 'the camera is closed'));
    return Promise.resolve();
  }

  async #begin(): Promise<void> {
    this.#files = await pictureFiles(this.#options.directory);
    this.#startMs = this.#options.clock.nowMs();
    this.#nextFrame = 0;
  }

  async #next(abort: AbortSignal): Promise<CameraFrame> {
    const { clock, frameRateHz } = this.#options;
    const periodMs = 1000 / frameRateHz;
    const waitMs = this.#startMs + this.#nextFrame * periodMs - clock.nowMs();
    if (waitMs > 0) await clock.sleep(waitMs, abort);
    const newest = Math.floor((clock.nowMs() - this.#startMs) / periodMs);
    const frame = Math.max(this.#nextFrame, newest);
    this.#nextFrame = frame + 1;
    const file = this.#files[frame % this.#files.length] ?? '';
    const data = await this.#read(file);
    abort.throwIfAborted();
    return { atMs: this.#startMs + frame * periodMs, width: this.width, height: this.height, data };
  }

  async #read(file: string): Promise<Uint8Array> {
    if (this.#shown?.file !== file) {
      this.#shown = { file, data: await readAtSize(file, this.width, this.height) };
    }
    // The caller's own: it may keep or change it.
    return this.#shown.data.slice();
  }
}

async function pictureFiles(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory).catch((cause: unknown) => {
    throw new CameraError('pictures', `cannot read the folder ${directory}: ${reason(cause)}`, { cause });
  });
  const pictures = names.filter((name) => PICTURES.includes(extname(name).toLowerCase()));
  if (pictures.length === 0) {
    throw new CameraError('pictures', `no picture (${PICTURES.join(', ')}) in the folder ${directory}`);
  }
  return pictures.sort().map((name) => join(directory, name));
}

async function readAtSize(file: string, width: number, height: number): Promise<Uint8Array> {
  try {
    const { data, info } = await sharp(file, { limitInputPixels: MOST_PIXELS })
      .autoOrient()
      .toColourspace('srgb')
      .flatten({ background: '#ffffff' })
      .resize(width, height, { fit: 'cover' })
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return rgbToI420(info.channels === 3 ? data : threefold(data), width, height, 0).data;
  } catch (cause) {
    throw new CameraError('pictures', `cannot read picture ${file}: ${reason(cause)}`, { cause });
  }
}

/** A picture of one grey channel as red, green and blue. */
function threefold(grey: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: grey.length * 3 }, (_, at) => grey[Math.floor(at / 3)] ?? 0);
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
