import { hasPhoto, type Told } from './told.ts';

/** Holds what is found at every opening against what was acknowledged before. */
export class PromiseKept {
  #cap = Number.POSITIVE_INFINITY;
  /** The lowest of those with which records were opened, perhaps not to the end. */
  #lowestCap = Number.POSITIVE_INFINITY;
  /** Visits acknowledged and not deleted since, in order. */
  #kept: number[] = [];
  readonly #storing = new Set<number>();
  readonly #erasing = new Set<number>();
  readonly #erased = new Set<number>();
  readonly #checked = new Set<number>();
  /** Visits whose alerts were told to be on disk, or may be. */
  #waiting = new Set<number>();
  readonly #delivering = new Set<number>();
  readonly #delivered = new Set<number>();
  #powerFailed: boolean = false;
  /** The highest sequence of an alert that was told to be on disk. */
  #lastAlert = 0;
  /** Visits acknowledged so far, and openings looked at. */
  acknowledged = 0;
  openings = 0;

  /** From now on no more than so many visits may be there. */
  allow(cap: number): void {
    this.#cap = cap;
    this.#lowestCap = Math.min(this.#lowestCap, cap);
  }

  /** What was not synced may be lost. */
  powerFails(): void {
    this.#powerFailed = true;
  }

  /** Everything is deleted, by hand. */
  startAnew(): void {
    this.#kept = [];
    this.#lastAlert = 0;
    for (const numbers of [
      this.#storing,
      this.#erasing,
      this.#erased,
      this.#checked,
      this.#waiting,
      this.#delivering,
      this.#delivered,
    ])
      numbers.clear();
  }

  /** @returns what is wrong; empty while the promise is kept */
  hear(told: Told): readonly string[] {
    switch (told.kind) {
      case 'opened':
        return this.#opened(told);
      case 'storing':
        this.#storing.add(told.number);
        return [];
      case 'stored':
        this.acknowledged++;
        this.#storing.delete(told.number);
        this.#kept = [...this.#kept, told.number].slice(-this.#cap);
        return [];
      case 'erasing':
        this.#erasing.add(told.number);
        return [];
      case 'erased':
        this.#erasing.delete(told.number);
        this.#erased.add(told.number);
        this.#kept = this.#kept.filter((number) => number !== told.number);
        return [];
      case 'checked':
        this.#checked.add(told.number);
        return [];
      case 'waits': {
        this.#waiting.add(told.number);
        const before = this.#lastAlert;
        this.#lastAlert = told.sequence;
        return told.sequence > before ? [] : [`alert ${told.sequence} after ${before}`];
      }
      case 'delivering':
        this.#delivering.add(told.number);
        return [];
      case 'delivered':
        this.#delivering.delete(told.number);
        this.#delivered.add(told.number);
        return [];
    }
  }

  #opened(told: Extract<Told, { kind: 'opened' }>): readonly string[] {
    this.openings++;
    const { kept, photos, unreadable, waiting, auditBroken, repaired } = told;
    const known = new Set(this.#kept);
    const unacknowledged = kept.filter((number) => !known.has(number) && this.#storing.has(number));
    const maybeErased = this.#kept.filter((number) => this.#erasing.has(number) && !kept.includes(number));
    const expected = [...this.#kept, ...unacknowledged]
      .filter((number) => !maybeErased.includes(number))
      .sort((a, b) => a - b)
      .slice(-this.#cap);
    const wrong: string[] = [];
    const due = new Set(expected.slice(-this.#lowestCap));
    const missing = expected.filter((number) => due.has(number) && !kept.includes(number));
    const extra = kept.filter((number) => !expected.includes(number));
    if (missing.length > 0) wrong.push(`acknowledged visits missing: ${missing.join(' ')}`);
    if (extra.length > 0) wrong.push(`visits that must not be there: ${extra.join(' ')}`);
    if (kept.length > this.#cap) wrong.push(`${kept.length} visits kept`);
    if (kept.some((number, index) => number <= (kept[index - 1] ?? 0))) wrong.push('out of order, or twice');
    const orphans = photos.filter((number) => !kept.includes(number));
    if (orphans.length > 0) wrong.push(`photos without visit: ${orphans.join(' ')}`);
    const without = expected.filter(
      (number) =>
        hasPhoto(number) &&
        kept.includes(number) &&
        known.has(number) &&
        !this.#erasing.has(number) &&
        !photos.includes(number),
    );
    if (without.length > 0) wrong.push(`visits without their photo: ${without.join(' ')}`);
    if (unreadable.length > 0) wrong.push(`photos that cannot be read: ${unreadable.join(' ')}`);
    const ofErased = waiting.filter((number) => this.#erased.has(number));
    if (ofErased.length > 0) wrong.push(`alerts of erased visits: ${ofErased.join(' ')}`);
    wrong.push(...this.#wrongAlerts(told));
    const unchecked = kept.filter((number) => this.#checked.has(number) && !told.checked.includes(number));
    if (unchecked.length > 0) wrong.push(`checks missing: ${unchecked.join(' ')}`);
    if (auditBroken) wrong.push('audit trail broken');
    if (repaired > 0) wrong.push(`${repaired} lines or photos told as damaged`);
    this.#kept = [...kept];
    this.#checked.clear();
    for (const number of told.checked) this.#checked.add(number);
    this.#lowestCap = this.#cap;
    this.#storing.clear();
    this.#erasing.clear();
    return wrong;
  }

  #wrongAlerts({ kept, waiting, garbled, lastAlert }: Extract<Told, { kind: 'opened' }>): readonly string[] {
    const wrong: string[] = [];
    const there = new Set(waiting);
    const lost = [...this.#waiting].filter(
      (number) =>
        kept.includes(number) &&
        !there.has(number) &&
        !this.#delivering.has(number) &&
        !this.#delivered.has(number),
    );
    if (lost.length > 0) wrong.push(`alerts missing: of visits ${lost.join(' ')}`);
    const orphans = waiting.filter((number) => !kept.includes(number));
    if (orphans.length > 0) wrong.push(`alerts without visit: ${orphans.join(' ')}`);
    // A power cut may undo what was just delivered.
    const again = this.#powerFailed ? [] : waiting.filter((number) => this.#delivered.has(number));
    if (again.length > 0) wrong.push(`alerts delivered already: of visits ${again.join(' ')}`);
    if (garbled.length > 0) wrong.push(`alerts that say something else: of visits ${garbled.join(' ')}`);
    if (lastAlert < this.#lastAlert) wrong.push(`last alert ${lastAlert}, not ${this.#lastAlert}`);
    this.#powerFailed = false;
    this.#lastAlert = Math.max(this.#lastAlert, lastAlert);
    this.#waiting = there;
    this.#delivering.clear();
    this.#delivered.clear();
    return wrong;
  }
}
