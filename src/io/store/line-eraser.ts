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
    const content = await readFile(segment.file);
    const erasable: Erasable[] = [];
    let start = 0;
    for (let end = content.indexOf(LINE_END); end >= 0; end = content.indexOf(LINE_END, start)) {
      const visit = parseStoredVisit(content.toString('utf8', start, end));
      if (visit !== null) erasable.push({ number: visit.number, start, bytes: end - start });
      start = end + 1;
    }
    return new LineEraser(segment, await open(segment.file, 'r+'), erasable);
  }

  /** Erases visits with smaller numbers. Rejects with the file system's error; the next call goes on where it failed. */
  async eraseBefore(number: number): Promise<void> {
    for (let line = this.#lines[this.#erased]; line !== undefined; line = this.#lines[this.#erased]) {
      if (line.number >= number) return;
      const blank = Buffer.alloc(line.bytes, BLANK);
      for (let done = 0; done < blank.length; ) {
        done += (await this.#handle.write(blank, done, blank.length - done, line.start + done)).bytesWritten;
      }
      this.#erased++;
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}
