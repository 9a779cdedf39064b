import { writeSync } from 'node:fs';

/** Size of a stdio block. */
const BLOCK = 4096;
const LONGEST_PIECE = 65_536;

/**
 * Writes as the real one does, with fwrite: whole blocks go out at once and the tail is held back, unless it is flushed.
 * A full pipe blocks. Pieces are of odd lengths, as a reader may get them.
 */
export class StdioOutput {
  readonly #fd: number;
  readonly #flush: boolean;
  #tail = new Uint8Array();

  constructor(fd: number, flush: boolean) {
    this.#fd = fd;
    this.#flush = flush;
  }

  /** Throws when nobody reads any more. */
  write(data: Uint8Array): void {
    const all = this.#tail.length === 0 ? data : Buffer.concat([this.#tail, data]);
    const end = this.#flush ? all.length : all.length - (all.length % BLOCK);
    let from = 0;
    for (let piece = 1; from < end; piece++) {
      const to = Math.min(end, from + 1 + ((piece * 40_503) % LONGEST_PIECE));
      from += writeBlocking(this.#fd, all.subarray(from, to));
    }
    this.#tail = all.slice(end);
  }
}

const pause = new Int32Array(new SharedArrayBuffer(4));

/** Node may have switched its end of a pipe to non-blocking. */
function writeBlocking(fd: number, data: Uint8Array): number {
  for (;;) {
    try {
      return writeSync(fd, data);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
      Atomics.wait(pause, 0, 0, 0.2);
    }
  }
}

/** Rows as the image processor pads them, to a multiple of 64 pixels. */
export function padRows(data: Uint8Array, width: number, height: number): Uint8Array {
  const stride = Math.ceil(width / 64) * 64;
  if (stride === width) return data;
  const padded = new Uint8Array((stride * height * 3) / 2);
  const planes = [
    { from: 0, to: 0, width, stride, rows: height },
    { from: width * height, to: stride * height, width: width / 2, stride: stride / 2, rows: height },
  ];
  for (const plane of planes) {
    for (let row = 0; row < plane.rows; row++) {
      const at = plane.from + row * plane.width;
      padded.set(data.subarray(at, at + plane.width), plane.to + row * plane.stride);
    }
  }
  return padded;
}
