import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { PRIVATE_FILE } from './durable-file.ts';

/** A file that only grows, by texts or bytes that are either safe on disk as a whole or not there. */
export interface AppendFile {
  /** Length of what is safe, bytes. */
  readonly size: number;
  /** Resolves when it is on disk. Rejects with the file system's error, and leaves what was there before. */
  append(content: string | Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens or creates a file for appending.
 * @param size bytes of it that are good; what follows is cut off
 */
export async function openAppendFile(file: string, size: number): Promise<AppendFile> {
  const handle = await open(file, constants.O_WRONLY | constants.O_CREAT, PRIVATE_FILE);
  try {
    await handle.truncate(size);
  } catch (error) {
    await handle.close();
    throw error;
  }
  return new HandleAppendFile(handle, size);
}

class HandleAppendFile implements AppendFile {
  size: number;
  readonly #handle: FileHandle;
  /** Set while bytes after `size` may be left from a failed write. */
  #torn: boolean = false;

  constructor(handle: FileHandle, size: number) {
    this.#handle = handle;
    this.size = size;
  }

  async append(content: string | Uint8Array): Promise<void> {
    if (this.#torn) await this.#cutTo(this.size);
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    this.#torn = true;
    try {
      let written = 0;
      while (written < bytes.length) {
        const rest = bytes.length - written;
        written += (await this.#handle.write(bytes, written, rest, this.size + written)).bytesWritten;
      }
      await this.#handle.datasync();
    } catch (error) {
      // A second failure here only leaves `#torn` set: the next append cuts first.
      await this.#cutTo(this.size).catch(() => undefined);
      throw error;
    }
    this.#torn = false;
    this.size += bytes.length;
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  async #cutTo(size: number): Promise<void> {
    await this.#handle.truncate(size);
    await this.#handle.datasync();
    this.#torn = false;
  }
}
