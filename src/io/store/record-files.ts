import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { errnoOf } from './store-error.ts';

/** What a file in a folder of records holds. */
export type RecordFileKind =
  | 'photo-keys'
  | 'photo'
  | 'visits'
  | 'alerts'
  | 'state'
  | 'sensor-images'
  | 'registration'
  | 'audit'
  | 'request'
  | 'lock';

/**
 * Every name that is written in a folder of records, or was by a version before, in the order of destruction: keys of
 * photos first, which the visits hold now, the trail last.
 */
const NAMES: readonly (readonly [RecordFileKind, RegExp])[] = [
  ['photo-keys', /^photos\/keys$/],
  ['visits', /^visits(-\d+)?\.ndjson(\.bad)?(\.tmp)?$/],
  ['photo', /^(photos\.sealed(\.tmp)?|photos\/\d{9,}\.photo(\.tmp)?)$/],
  ['alerts', /^alerts\.ndjson(\.tmp)?$/],
  ['state', /^((counts\.ndjson|(counts|profile|configuration)\.json)(\.tmp)?|probe-\d+\.tmp)$/],
  ['sensor-images', /^sensors\.json(\.tmp)?$/],
  ['registration', /^registration(-upkeep)?\.json(\.tmp)?$/],
  ['request', /^requests\/[0-9a-f-]{36}\.(request|answer)\.json(\.tmp)?$/],
  ['audit', /^audit(-head)?\.(nd)?json(\.tmp)?$/],
  ['lock', /^(visits|alerts|audit)\.lock(\.[0-9a-f-]{36})?$/],
];

export type RecordFile = Readonly<{ file: string; kind: RecordFileKind }>;

/** What a path below a folder of records is, by its name; null: nothing that is ever written there. */
export function kindOfRecordFile(relative: string): RecordFileKind | null {
  return NAMES.find(([, name]) => name.test(relative))?.[0] ?? null;
}

/**
 * The files of a folder of records in the order of destruction, and what else is there, which is nobody's business here.
 * Links are not followed.
 */
export async function recordFiles(
  directory: string,
): Promise<Readonly<{ files: readonly RecordFile[]; others: readonly string[] }>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(
    (error: unknown) => {
      if (errnoOf(error) === 'ENOENT') return [];
      throw error;
    },
  );
  const files: RecordFile[] = [];
  const others: string[] = [];
  for (const entry of entries) {
    if (entry.isDirectory()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const kind = entry.isFile() ? kindOfRecordFile(path.relative(directory, file)) : null;
    if (kind === null) others.push(file);
    else files.push({ file, kind });
  }
  const order = NAMES.map(([kind]) => kind);
  return { files: files.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind)), others };
}
