import { DiskOutbox } from '../../src/io/store/alert-outbox.ts';
import { openRecordFolder, type RecordFolder } from '../../src/io/store/record-folder.ts';
import { aVisit } from './a-visit.ts';
import { anAlert, GATE_ID } from './an-alert.ts';

/** Records with the alerts that are kept in them. */
export type KeptAlerts = Readonly<{
  outbox: DiskOutbox;
  folder: RecordFolder;
  /** Keeps elevated visits with their alerts. */
  raise: (...visitNumbers: readonly number[]) => Promise<void>;
  close: () => Promise<void>;
}>;

export async function openKeptAlerts(directory: string, capVisits = 25_000): Promise<KeptAlerts> {
  const outbox = new DiskOutbox({ directory, gateId: GATE_ID });
  const folder = await openRecordFolder({ directory, capVisits, outbox });
  return {
    outbox,
    folder,
    async raise(...visitNumbers) {
      const kept = visitNumbers.flatMap((number) => [
        outbox.add(anAlert(number)).kept,
        folder.visits.append(aVisit(number, 'elevated')),
      ]);
      await Promise.all(kept);
    },
    close: () => folder.close(),
  };
}
