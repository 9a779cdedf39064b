import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { StorageProfile } from '../../domain/storage-profile.ts';
import type { Clock } from '../../ports/clock.ts';
import {
  type AskedProfile,
  type KeptProfile,
  type ProfileInForce,
  parseKeptProfile,
  profileInForce,
} from '../../records/profile.ts';
import { isoDay } from '../../records/stored-visit.ts';
import { replaceFile } from './durable-file.ts';

const FILE = 'profile.json';

/** The last storage profile in force in a folder of records; null: none yet, or it cannot be read. */
export async function readKeptProfile(directory: string): Promise<KeptProfile | null> {
  return parseKeptProfile(await readFile(path.join(directory, FILE), 'utf8').catch(() => ''));
}

/** Judges again and again which storage profile is in force, and remembers it. */
export class ProfileKeeper {
  readonly #file: string;
  readonly #asked: AskedProfile;
  readonly #clock: Clock;
  readonly #zone: string;
  #onDisk: KeptProfile | null;
  #day: string | null;
  #inForce: ProfileInForce | null = null;

  private constructor(
    directory: string,
    { asked, clock, zone }: Readonly<{ asked: AskedProfile; clock: Clock; zone: string }>,
    kept: KeptProfile | null,
  ) {
    this.#file = path.join(directory, FILE);
    this.#asked = asked;
    this.#clock = clock;
    this.#zone = zone;
    this.#onDisk = kept;
    this.#day = kept?.day ?? null;
  }

  static async open(
    directory: string,
    options: Readonly<{ asked: AskedProfile; clock: Clock; zone: string }>,
  ): Promise<ProfileKeeper> {
    return new ProfileKeeper(directory, options, await readKeptProfile(directory));
  }

  /** The last one in force before this gate ran; null: there was none. */
  get atStart(): StorageProfile | null {
    return this.#onDisk?.profile ?? null;
  }

  /** The profile in force now. The clock's day counts only while it is synchronised; otherwise the last one that did. */
  judge(): ProfileInForce {
    const { unixMs, trusted } = this.#clock.wallTime();
    if (trusted) this.#day = isoDay(unixMs, this.#zone);
    const last = this.#inForce?.profile ?? this.atStart;
    this.#inForce = profileInForce(this.#asked, last, this.#day);
    return this.#inForce;
  }

  /** Keeps what was judged last, if it differs from what is kept. Rejects with the file system's error. */
  async save(): Promise<void> {
    const { profile } = this.#inForce ?? this.judge();
    if (this.#onDisk?.profile === profile && this.#onDisk.day === this.#day) return;
    const kept: KeptProfile = { version: 1, profile, day: this.#day };
    await replaceFile(this.#file, `${JSON.stringify(kept)}\n`);
    this.#onDisk = kept;
  }
}
