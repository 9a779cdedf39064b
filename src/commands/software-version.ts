import { readFile } from 'node:fs/promises';
import path from 'node:path';

const MANIFEST = path.join(import.meta.dirname, '../../package.json');

/** This program's version, as its package says. */
export async function softwareVersion(): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(MANIFEST, 'utf8'));
  const version = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  if (!version || typeof manifest.version !== 'string') throw new Error(`${MANIFEST} has no version`);
  return manifest.version;
}
