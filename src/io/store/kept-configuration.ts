import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type FieldHashes, parseFieldHashes } from '../../config/fingerprint.ts';
import { replaceFile } from './durable-file.ts';
import { asStoreError, errnoOf } from './store-error.ts';

const FILE = 'configuration.json';

/**
 * The settings that a folder of records was last run with, as hashes; null when it never was, or when the file is not
 * what was written.
 * @throws StoreError `read-only` or `io`
 */
export async function readKeptConfiguration(directory: string): Promise<FieldHashes | null> {
  try {
    return parseFieldHashes(await readFile(path.join(directory, FILE), 'utf8'));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw asStoreError(error, `reading ${FILE} of ${directory}`);
  }
}

/** @throws StoreError `full`, `read-only` or `io` */
export async function keepConfiguration(directory: string, hashes: FieldHashes): Promise<void> {
  try {
    await replaceFile(path.join(directory, FILE), `${JSON.stringify(hashes)}\n`);
  } catch (error) {
    throw asStoreError(error, `writing ${FILE} of ${directory}`);
  }
}
