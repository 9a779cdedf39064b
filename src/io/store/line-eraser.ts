import { type FileHandle, open, readFile } from 'node:fs/promises';
import { parseStoredVisit } from '../../records/stored-visit.ts';
import { BLANK, type Segment } from './segment.ts';

const LINE_END = 0x0a;

type Erasable = Readonly<{ number: number; start: number; bytes: number }>;

/**
 * Overwrites the oldest visits of one full segment with spaces, in order, line ends left alone. Not synced: a power cut
 * may bring back the last half minute's deletions, which the next opening deletes again before anything is returned.
 */
export class LineEraser {
  readonly segment: Segment;
  readonly #handle: FileHandle;
  readonly #lines: readonly Erasable[];
  #erased = 0;

  private constructor(segment: Segment, handle: FileHandle, lines: readonly Erasable[]) {
    this.segment = segment;
    this.#handle = handle;
    this.#lines = lines;
  }

  /** Rejects with the file system's error. */
  static async open(segment: Segment): Promise<LineEraser> {
    const lines = erasableIn(await readFile(segment.file));
    return new LineEraser(segment, await open(segment.file, 'r+'), lines);
  }

  /** Erases visits with smaller numbers. Rejects with the file system's error; the next call goes on where it failed. */
  async eraseBefore(number: number): Promise<void> {
    for (let line = this.#lines[this.#erased]; line !== undefined; line = this.#lines[this.#erased]) {
      if (line.number >= number) return;
      await overwrite(this.#handle, line);
      this.#erased++;
    }
  }

  /** What was erased so far stays erased. Rejects with the file system's error. */
  async sync(): Promise<void> {
    await this.#handle.datasync();
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

/**
 * Overwrites the lines of these visits with spaces, safe on disk. Rejects with the file system's error.
 * @returns how many visits are left
 */
export async function blankLines(segment: Segment, numbers: ReadonlySet<number>): Promise<number> {
  const handle = await open(segment.file, 'r+');
  try {
    const lines = erasableIn(await handle.readFile());
    const erased = lines.filter((line) => numbers.has(line.number));
    for (const line of erased) await overwrite(handle, line);
    await handle.datasync();
    return lines.length - erased.length;
  } finally {
    await handle.close();
  }
}

function erasableIn(content: Buffer): Erasable[] {
  const lines: Erasable[] = [];
  let start = 0;
  for (let end = content.indexOf(LINE_END); end >= 0; end = content.indexOf(LINE_END, start)) {
    const visit = parseStoredVisit(content.toString('utf8', start, end));
    if (visit !== null) lines.push({ number: visit.number, start, bytes: end - start });
    start = end + 1;
  }
  return lines;
}

async function overwrite(handle: FileHandle, line: Erasable): Promise<void> {
  const blank = Buffer.alloc(line.bytes, BLANK);
  for (let done = 0; done < blank.length; ) {
    done += (await handle.write(blank, done, blank.length - done, line.start + done)).bytesWritten;
  }
}
