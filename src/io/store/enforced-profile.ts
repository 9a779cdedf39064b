import type { Config } from '../../config/schema.ts';
import type { StorageProfile } from '../../domain/storage-profile.ts';
import type { AuditTrail } from '../../ports/audit-trail.ts';
import type { Log } from '../../ports/log.ts';
import { type ProfileInForce, profileText } from '../../records/profile.ts';
import type { DiskOutbox } from './alert-outbox.ts';
import type { Attempts } from './attempts.ts';
import type { DeletionTally } from './deletion-tally.ts';
import type { ProfileKeeper } from './profile-keeper.ts';
import type { RecordFolder } from './record-folder.ts';
import type { RecordsAvailable } from './records-available.ts';

export type EnforcedProfileParts = Readonly<{
  records: Config['records'];
  keeper: ProfileKeeper;
  outbox: DiskOutbox;
  access: RecordsAvailable;
  tally: DeletionTally;
  attempts: Attempts;
  audit: AuditTrail;
  log: Log;
}>;

/** The storage profile in force; what it does not allow any more is deleted at once, or as soon as that can be done. */
export class EnforcedProfile {
  readonly #parts: EnforcedProfileParts;
  #inForce: ProfileInForce;
  /** Whether everything that the profile in force does not allow is deleted. */
  #enforced: boolean = false;
  #enforcing: Promise<void> = Promise.resolve();

  constructor(parts: EnforcedProfileParts) {
    this.#parts = parts;
    this.#inForce = parts.keeper.judge();
  }

  /** As judged last. */
  get profile(): StorageProfile {
    return this.#inForce.profile;
  }

  /** Says which profile is in force, and leaves what it allows. Never rejects. */
  async start(): Promise<void> {
    const { records, keeper, log } = this.#parts;
    const { profile, because } = this.#inForce;
    const text = profileText(records, this.#inForce);
    if (because === 'configured') log.info({ profile }, text);
    else log.warn({ profile }, text);
    await this.#enforce(keeper.atStart ?? profile);
  }

  /** Takes note of a profile that changes. */
  judge(): StorageProfile {
    const { records, keeper, log } = this.#parts;
    const before = this.#inForce.profile;
    this.#inForce = keeper.judge();
    const { profile } = this.#inForce;
    if (profile === before) return profile;
    log.warn({ profile }, profileText(records, this.#inForce));
    this.#enforced = false;
    this.#enforcing = this.#enforcing.then(() => this.#enforce(before));
    return profile;
  }

  /** Resolves when what was not allowed at the last judgement is deleted, or could not be. Never rejects. */
  settled(): Promise<void> {
    return this.#enforcing;
  }

  /** Judges anew, and tries again what failed. Never rejects. */
  async tend(): Promise<void> {
    const { access, attempts, keeper } = this.#parts;
    this.judge();
    await this.#enforcing;
    await attempts.make('keeping the storage profile', () => keeper.save());
    await access.opened().catch(() => undefined);
    if (!this.#enforced) await this.#enforce(this.profile);
  }

  async #enforce(before: StorageProfile): Promise<void> {
    const { audit, attempts, keeper, tally } = this.#parts;
    const { profile: to, because } = this.#inForce;
    if (before !== to && because !== 'reason-missing' && because !== 'clock-unset') {
      // First: after a crash it is told twice rather than never.
      await attempts.make('telling the audit trail', () =>
        audit.append({ event: 'profile-changed', from: before, to, because }),
      );
    }
    await attempts.make('keeping the storage profile', () => keeper.save());
    await attempts.make('deleting what the storage profile does not allow', () => this.#deleteRest(to));
    await attempts.make('telling the audit trail', () => tally.tell(audit));
  }

  async #deleteRest(to: StorageProfile): Promise<void> {
    const { access, outbox, tally } = this.#parts;
    await outbox.keepOnDisk(to >= 2);
    const { folder, counts } = await access.opened();
    const photos = to < 3 ? await deleteAllPhotos(folder) : 0;
    let visits = 0;
    if (to < 2) {
      visits = (await folder.visits.erase((kept) => kept.map(({ number }) => number))).visits;
      await folder.visits.deleteSetAside();
      await folder.visits.forgetLastAlert();
    }
    if (to < 1) await counts.clear();
    this.#enforced = true;
    tally.add('profile', { visits, photos });
  }
}

async function deleteAllPhotos({ photos }: RecordFolder): Promise<number> {
  const numbers = photos.numbers();
  await photos.delete(numbers);
  return numbers.length;
}
