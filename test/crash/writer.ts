import { writeSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { openAuditTrail, readAudit } from '../../src/io/store/audit-file.ts';
import { readAlerts } from '../../src/io/store/read-alerts.ts';
import { readPhoto } from '../../src/io/store/read-photo.ts';
import { seededRandom } from '../../src/simulation/random.ts';
import { aVisit } from '../support/a-visit.ts';
import { aNumberedAlert, anAlert } from '../support/an-alert.ts';
import { openKeptAlerts } from '../support/kept-alerts.ts';
import { hasAlert, hasPhoto, sealedPhoto, type Told } from './told.ts';

/**
 * Writes visits with photos and alerts, erases some and checks others, and tells each step, until it is killed.
 * Usage: writer FOLDER CAP SEED
 */
const [, , directory = '', cap = '', seed = ''] = process.argv;
const random = seededRandom(Number(seed));
const tell = (told: Told): void => void writeSync(1, `${JSON.stringify(told)}\n`);

const { outbox, folder } = await openKeptAlerts(directory, Number(cap));
const { visits, photos } = folder;
const audit = await openAuditTrail(directory);
tell({
  kind: 'opened',
  kept: visits.visits().map(({ number }) => number),
  checked: visits.visits().flatMap((visit) => ('check' in visit ? [visit.number] : [])),
  photos: photos.numbers(),
  unreadable: await unreadable(photos.numbers()),
  waiting: outbox.pending().map(({ visitNumber }) => visitNumber),
  garbled: outbox
    .pending()
    .filter((alert) => !isDeepStrictEqual(alert, aNumberedAlert(alert.visitNumber, alert.sequence)))
    .map(({ visitNumber }) => visitNumber),
  lastAlert: (await readAlerts(directory)).last,
  auditBroken: (await readAudit(directory)).broken !== null,
  repaired: visits.repairs.tornLines + visits.repairs.badLines + photos.lost,
});
if (process.env['CRASH_ONLY_OPEN']) process.exit(0);

for (;;) {
  const number = visits.nextNumber;
  tell({ kind: 'storing', number });
  if (hasPhoto(number)) await photos.keep(number, sealedPhoto(number));
  const raised = hasAlert(number) ? outbox.add(anAlert(number)) : null;
  await Promise.all([visits.append(aVisit(number, 'elevated')), raised?.kept]);
  tell({ kind: 'stored', number });
  if (raised !== null) tell({ kind: 'waits', number, sequence: raised.alert.sequence });
  const fate = random.uniform();
  const chosen = number - Math.floor(random.uniform() * 6);
  if (fate < 0.25) {
    tell({ kind: 'delivering', number: chosen });
    await outbox.acknowledge(anAlert(chosen).id);
    tell({ kind: 'delivered', number: chosen });
  } else if (fate < 0.35) {
    tell({ kind: 'erasing', number: chosen });
    await visits.erase(() => [chosen]);
    tell({ kind: 'erased', number: chosen });
    await audit.append({ event: 'erasure', by: 'visitor', visits: 1 });
  } else if (fate < 0.45) {
    const check = { result: 'cleared', temperature_c: null, time: '2026-01-05T09:00:00+09:00' } as const;
    const amended = await visits.amend([chosen], (visit) =>
      visit.class === 'normal' ? visit : { ...visit, check },
    );
    if (amended.length > 0) tell({ kind: 'checked', number: chosen });
  }
}

async function unreadable(numbers: readonly number[]): Promise<readonly number[]> {
  const bad: number[] = [];
  for (const number of numbers) {
    const found = await readPhoto(directory, number).catch(() => null);
    if (found === null || !Buffer.from(found).equals(sealedPhoto(number))) bad.push(number);
  }
  return bad;
}
