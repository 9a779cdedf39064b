import type { Config } from '../config/schema.ts';
import { gateIdOf } from '../domain/alert.ts';
import { openAuditTrail } from '../io/store/audit-file.ts';
import { type GateRecords, openGateRecords } from '../io/store/gate-records.ts';
import type { AuditTrail } from '../ports/audit-trail.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';

/** What to close when a gate ends, in the order of opening. */
export type Closing = (() => Promise<void>)[];

/** A gate's records: opened, and looked after while it runs. */
export async function openRecords(
  { gate, records }: Config,
  directory: string,
  { clock, log }: Readonly<{ clock: Clock; log: Log }>,
  closing: Closing,
): Promise<GateRecords> {
  const audit = auditTrailOf(directory, clock);
  const store = await openGateRecords({
    directory,
    records,
    gateId: gateIdOf(gate),
    clock,
    audit,
    log,
  });
  closing.push(() => store.close());
  return store;
}

/** The audit trail of a running gate, opened for each entry: where the disk cannot be written the gate runs without. */
export function auditTrailOf(directory: string, clock: Clock): AuditTrail {
  return {
    append: async (event) => (await openAuditTrail(directory, () => clock.wallTime())).append(event),
  };
}
