import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { openOutbox } from '../src/io/store/alert-outbox.ts';
import { openRecordFolder } from '../src/io/store/record-folder.ts';
import { aVisit } from '../test/support/a-visit.ts';

/**
 * `npm run bench:wear`: bytes that a visit at the cap causes to be written, file system's own blocks included, with visits
 * close together and with each so far from the next that nothing of it is written together with another's.
 */
const CAP = 300;
const VISITS = 60;
const sealed = new Uint8Array(2700).fill(0x61);
const directory = mkdtempSync(path.join(process.cwd(), '.bench-wear-'));
const outbox = await openOutbox(directory);
const { visits, photos, close } = await openRecordFolder({ directory, capVisits: CAP, outbox });

async function keepVisits(count: number, withPhoto: boolean, apart: boolean): Promise<void> {
  for (let visit = 0; visit < count; visit++) {
    const number = visits.nextNumber;
    if (withPhoto) await photos.keep(number, sealed);
    await visits.append(aVisit(number));
    if (apart) execFileSync('sync', ['-f', directory]);
  }
}

for (const withPhoto of [false, true]) {
  await keepVisits(2 * CAP, withPhoto, false);
  for (const apart of [false, true]) {
    const before = bytesWritten();
    await keepVisits(VISITS, withPhoto, apart);
    const each = Math.round((bytesWritten() - before) / VISITS);
    console.log(
      `${withPhoto ? 'with' : 'without'} photo, ${apart ? 'far apart' : 'close together'}: ${each} bytes`,
    );
  }
}
await close();
await outbox.close();
rmSync(directory, { recursive: true });

/** Bytes this process and those it has waited for have caused to be written to disk (proc(5)). */
function bytesWritten(): number {
  return Number(/^write_bytes: (\d+)/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);
}
