import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';

const BLOCK_BYTES = 512;
const PIECE_BYTES = 4 << 20;

type Part = Readonly<{ name: string; start: number; size: number }>;

/** Lays files on a card's boot partition, as a user does. */
export function layOnBoot(card: string, files: readonly string[]): void {
  const { start } = partOf(card, BOOT);
  execFileSync('mcopy', ['-i', `${card}@@${start * BLOCK_BYTES}`, ...files, '::'], { stdio: 'pipe' });
}

/** Whether a card's boot partition has these bytes anywhere, also where no file is any more. */
export function bootHolds(card: string, bytes: string): boolean {
  let before = Buffer.alloc(0);
  for (const piece of piecesOf(card, BOOT)) {
    const seen = Buffer.concat([before, piece]);
    if (seen.includes(bytes)) return true;
    before = Buffer.from(seen.subarray(-bytes.length));
  }
  return false;
}

/** SHA-256 of the partition with the root file system. */
export function systemSha256(card: string): string {
  const hash = createHash('sha256');
  for (const piece of piecesOf(card, SYSTEM)) hash.update(piece);
  return hash.digest('hex');
}

const BOOT = 'bootconfig';
const SYSTEM = 'system_a';

function partOf(card: string, name: string): Part {
  const { partitiontable } = JSON.parse(
    execFileSync('sfdisk', ['--json', card], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }),
  ) as { partitiontable: { partitions: readonly Part[] } };
  const part = partitiontable.partitions.find((one) => one.name === name);
  if (part === undefined) throw new Error(`${card} has no partition ${name}`);
  return part;
}

function* piecesOf(card: string, name: string): Generator<Buffer> {
  const { start, size } = partOf(card, name);
  const file = openSync(card, 'r');
  try {
    const piece = Buffer.alloc(PIECE_BYTES);
    for (let at = start * BLOCK_BYTES, end = at + size * BLOCK_BYTES; at < end; ) {
      const read = readSync(file, piece, 0, Math.min(PIECE_BYTES, end - at), at);
      if (read === 0) throw new Error(`${card} ends within ${name}`);
      at += read;
      yield piece.subarray(0, read);
    }
  } finally {
    closeSync(file);
  }
}
