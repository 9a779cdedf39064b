import type { KeptPhoto } from '../../records/visit-place.ts';

/** Where a visit is, and its photo: none, or in these blocks. */
export type Held = Readonly<{ number: number; place: number; blocks: readonly number[] }>;

/** Which visits a file holds, and where. */
export class HeldVisits {
  /** By rising number. */
  readonly #held = new Map<number, Held>();

  get count(): number {
    return this.#held.size;
  }

  get(number: number): Held | undefined {
    return this.#held.get(number);
  }

  /** Takes note of a visit: the newest one, or one that is there already. */
  hold(number: number, place: number, photo: KeptPhoto | null): void {
    this.#held.set(number, { number, place, blocks: photo?.blocks ?? [] });
  }

  drop(gone: readonly Held[]): void {
    for (const { number } of gone) this.#held.delete(number);
  }

  /** So many of the oldest. */
  oldest(count: number): readonly Held[] {
    const oldest: Held[] = [];
    for (const held of this.#held.values()) {
      if (oldest.length >= count) break;
      oldest.push(held);
    }
    return oldest;
  }

  /** Those of these numbers, oldest first. */
  of(numbers: ReadonlySet<number>): readonly Held[] {
    return [...this.#held.values()].filter(({ number }) => numbers.has(number));
  }

  /** The number of the newest; null: there is none. */
  newest(): number | null {
    return [...this.#held.keys()].at(-1) ?? null;
  }

  /** The blocks of the photo of each visit that has one. */
  photos(): ReadonlyMap<number, readonly number[]> {
    const photos = new Map<number, readonly number[]>();
    for (const { number, blocks } of this.#held.values()) if (blocks.length > 0) photos.set(number, blocks);
    return photos;
  }
}
