import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Random } from '../../src/simulation/random.ts';

/** A folder's files by path, and its folders. */
export type DiskState = Readonly<{
  files: ReadonlyMap<string, Readonly<{ inode: number; content: Buffer }>>;
  folders: readonly string[];
}>;

/** Reads a folder with everything below it. */
export async function readDisk(root: string): Promise<DiskState> {
  const files = new Map<string, Readonly<{ inode: number; content: Buffer }>>();
  const folders = [root];
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const place = path.join(entry.parentPath, entry.name);
    if (entry.isDirectory()) folders.push(place);
    else files.set(place, { inode: (await stat(place)).ino, content: await readFile(place) });
  }
  return { files, folders };
}

/**
 * Leaves a folder as a power cut may: of everything that was written since `before` and not synced, some is there, some
 * is not and some is torn. What was synced is there.
 * @param log what test/crash/write-log.c wrote down
 */
export async function cutPower(root: string, before: DiskState, log: Buffer, random: Random): Promise<void> {
  const disk = new VolatileDisk(before);
  for (const entry of entriesIn(log)) disk.take(entry);
  const left = disk.afterPowerCut(random);
  await rm(root, { recursive: true });
  for (const folder of left.folders) await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const [file, content] of left.files) await writeFile(file, content, { mode: 0o600 });
}

/** What a disk writes as a whole or not at all. */
const SECTOR_BYTES = 512;

type Entry = Readonly<{
  operation: string;
  inode: number;
  first: number;
  path: string;
  to: string;
  bytes: Buffer;
}>;

function* entriesIn(log: Buffer): Generator<Entry> {
  let at = 0;
  const line = (): string | null => {
    const end = log.indexOf(0x0a, at);
    if (end < 0) return null;
    const text = log.toString('utf8', at, end);
    at = end + 1;
    return text;
  };
  for (let head = line(); head !== null; head = line()) {
    const [operation = '', inode, first, second, ...name] = head.split(' ');
    const length = operation === 'W' ? Number(second) : 0;
    const to = operation === 'R' || operation === 'L' ? line()?.split(' ').slice(4).join(' ') : '';
    // The process was killed while it wrote the entry down: its operation counts as lost.
    if (to === undefined || at + length > log.length) return;
    const bytes = log.subarray(at, at + length);
    at += length;
    yield { operation, inode: Number(inode), first: Number(first), path: name.join(' '), to, bytes };
  }
}

type DataChange = Readonly<{ at: number; bytes: Buffer }> | Readonly<{ size: number }>;
type NameChange =
  | Readonly<{ kind: 'set'; path: string; file: Data }>
  | Readonly<{ kind: 'rename'; from: string; to: string; file: Data }>
  | Readonly<{ kind: 'remove'; path: string }>
  | Readonly<{ kind: 'folder'; path: string }>;
type Data = { safe: Buffer; pending: DataChange[] };

/** What is safe on a disk and what only in its cache, file by file and folder by folder. */
class VolatileDisk {
  readonly #safeNames = new Map<string, Data>();
  readonly #safeFolders: Set<string>;
  /** What processes see. */
  readonly #names = new Map<string, Data>();
  readonly #byInode = new Map<number, Data>();
  readonly #pending = new Map<string, NameChange[]>();

  constructor({ files, folders }: DiskState) {
    this.#safeFolders = new Set(folders);
    for (const [place, { inode, content }] of files) {
      const data: Data = { safe: content, pending: [] };
      this.#safeNames.set(place, data);
      this.#names.set(place, data);
      this.#byInode.set(inode, data);
    }
  }

  take({ operation, inode, first, path: place, to, bytes }: Entry): void {
    const named = this.#names.get(place);
    const opened = this.#byInode.get(inode);
    switch (operation) {
      case 'C':
        if (named !== undefined && named === opened) return;
        this.#create(place, inode);
        return;
      case 'W':
        opened?.pending.push({ at: first, bytes });
        return;
      case 'T':
        opened?.pending.push({ size: first });
        return;
      case 'S':
        if (opened !== undefined) opened.safe = opened.pending.splice(0).reduce(changed, opened.safe);
        return;
      case 'D':
        for (const change of this.#pending.get(place)?.splice(0) ?? []) this.#settle(change);
        return;
      case 'R':
      case 'L':
        if (named === undefined) return;
        this.#names.set(to, named);
        if (operation === 'R') this.#names.delete(place);
        this.#later(
          to,
          operation === 'R'
            ? { kind: 'rename', from: place, to, file: named }
            : { kind: 'set', path: to, file: named },
        );
        return;
      case 'U':
        this.#names.delete(place);
        this.#later(place, { kind: 'remove', path: place });
        return;
      case 'M':
        this.#later(place, { kind: 'folder', path: place });
        return;
      default:
        throw new Error(`not an operation: ${operation}`);
    }
  }

  afterPowerCut(
    random: Random,
  ): Readonly<{ folders: readonly string[]; files: ReadonlyMap<string, Buffer> }> {
    for (const changes of this.#pending.values()) {
      const reached = Math.floor(random.uniform() * (changes.length + 1));
      for (const change of changes.slice(0, reached)) this.#settle(change);
    }
    const files = new Map<string, Buffer>();
    for (const [place, data] of this.#safeNames) {
      if (this.#safeFolders.has(path.dirname(place))) files.set(place, surviving(data, random));
    }
    return { folders: [...this.#safeFolders].sort((a, b) => a.length - b.length), files };
  }

  #create(place: string, inode: number): void {
    const data: Data = { safe: Buffer.alloc(0), pending: [] };
    this.#names.set(place, data);
    this.#byInode.set(inode, data);
    this.#later(place, { kind: 'set', path: place, file: data });
  }

  #later(place: string, change: NameChange): void {
    const folder = path.dirname(place);
    this.#pending.set(folder, [...(this.#pending.get(folder) ?? []), change]);
  }

  #settle(change: NameChange): void {
    if (change.kind === 'folder') this.#safeFolders.add(change.path);
    if (change.kind === 'remove') this.#safeNames.delete(change.path);
    if (change.kind === 'set') this.#safeNames.set(change.path, change.file);
    if (change.kind === 'rename') {
      this.#safeNames.delete(change.from);
      this.#safeNames.set(change.to, change.file);
    }
  }
}

/** Either all writes up to one that is torn, or any of them in part. */
function surviving({ safe, pending }: Data, random: Random): Buffer {
  const inOrder = random.uniform() < 0.5;
  const last = Math.floor(random.uniform() * (pending.length + 1));
  let content = safe;
  for (const [index, change] of pending.entries()) {
    if (inOrder && index > last) break;
    if (inOrder && index < last) {
      content = changed(content, change);
      continue;
    }
    const fate = random.uniform();
    if (fate < 0.3) continue;
    content = fate < 0.6 ? changed(content, change) : torn(content, change, random);
  }
  return content;
}

/**
 * A part of what was written. Where the file was before, each sector of the disk is the old one or the new one; of what is
 * behind its end, a beginning is there, and the file may have grown already, with zeros where nothing came.
 */
function torn(content: Buffer, change: DataChange, random: Random): Buffer {
  if ('size' in change) return content;
  const end = change.at + change.bytes.length;
  const inside = Math.min(end, content.length);
  const sectors = Buffer.from(content);
  for (let at = change.at; at < inside; ) {
    const next = Math.min(inside, (Math.floor(at / SECTOR_BYTES) + 1) * SECTOR_BYTES);
    if (random.uniform() < 0.5) change.bytes.copy(sectors, at, at - change.at, next - change.at);
    at = next;
  }
  if (end <= content.length) return sectors;
  const from = Math.max(change.at, content.length);
  const come = Math.floor(random.uniform() * (end - from + 1));
  const bytes = change.bytes.subarray(from - change.at, from - change.at + come);
  const written = changed(sectors, { at: from, bytes });
  return random.uniform() < 0.5 || end <= written.length
    ? written
    : Buffer.concat([written, Buffer.alloc(end - written.length)]);
}

function changed(content: Buffer, change: DataChange): Buffer {
  const size = 'size' in change ? change.size : Math.max(content.length, change.at + change.bytes.length);
  const next = Buffer.alloc(size);
  content.copy(next);
  if ('bytes' in change) change.bytes.copy(next, change.at);
  return next;
}
