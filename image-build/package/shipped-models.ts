import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const LIST = 'models.sha256';

/**
 * Copies the weights and their model cards. Where `models.sha256` lists the files that ship, only those go, and one that
 * is not what the list says stops it.
 */
export function copyModels(models: string, into: string): void {
  const files = readdirSync(models, { recursive: true, encoding: 'utf8' });
  const listed = existsSync(path.join(models, LIST)) ? readList(path.join(models, LIST)) : null;
  for (const [name, expected] of listed ?? []) {
    const found = sha256(path.join(models, name));
    if (found !== expected) throw new Error(`models/${name} is not what models/${LIST} says: ${found}`);
  }
  const ships = (name: string): boolean =>
    name === LIST || name.endsWith('README.md') || (listed?.has(name) ?? /\.(bin|json)$/.test(name));
  for (const name of files.filter(ships)) cpSync(path.join(models, name), path.join(into, name));
}

/** Lines as `sha256sum` writes them; names with or without the folder before them. */
function readList(file: string): ReadonlyMap<string, string> {
  const rows = [...readFileSync(file, 'utf8').matchAll(/^([0-9a-f]{64}) [ *](?:models\/)?(.+)$/gm)];
  return new Map(rows.map(([, hash = '', name = '']) => [name, hash]));
}

function sha256(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
