import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Bytes of a line of the file of visits. */
export const PLACE = 512;

export const visitsFileIn = (directory: string): string => path.join(directory, 'visits.ndjson');

/** The lines of a folder's visits that are not blank, its first line left out; none where there is no file. */
export async function visitLines(directory: string): Promise<readonly string[]> {
  const text = await readFile(visitsFileIn(directory), 'latin1').catch(() => '');
  return text
    .split('\n')
    .slice(1)
    .filter((line) => line.trim() !== '');
}

/** The visits' lines as any JSON Lines reader sees them, by rising number. */
export async function visitsOnDisk(
  directory: string,
): Promise<
  readonly Readonly<{ number: number; class: string; check?: unknown; alert?: unknown; photo?: unknown }>[]
> {
  const visits = (await visitLines(directory)).map((line) => JSON.parse(line));
  return visits.sort((a, b) => a.number - b.number);
}

/** Changes bytes of a file where they are. */
export async function changeBytes(file: string, change: (bytes: Buffer) => Buffer): Promise<void> {
  await writeFile(file, change(await readFile(file)));
}
