import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';

const FOLDER = join(import.meta.dirname, '../../../shared/data');

/** Absolute path of a file of the shared data set, which lies in `shared/data` beside the checkout. */
export function sharedData(path: string): string {
  return join(FOLDER, path);
}

/** A JSON file of the shared data set. The caller names its shape; nothing is checked. */
export function readSharedJson<Shape>(path: string): Shape {
  return JSON.parse(readFileSync(sharedData(path), 'utf8')) as Shape;
}

/**
 * Tests that need the shared data set. Without the folder they are skipped, and say why; on a build server (CI is set)
 * they fail instead, so that nobody takes silence for success.
 */
export function describeWithSharedData(name: string, tests: () => void): void {
  if (existsSync(FOLDER)) {
    describe(name, tests);
    return;
  }
  const reason = `the shared data set is absent: ${FOLDER}`;
  it.skipIf(process.env['CI'] === undefined)(`${name} (${reason})`, () => {
    throw new Error(reason);
  });
}
