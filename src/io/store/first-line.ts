import type { Head, KeptAlert, KeptVisit } from '../../records/visit-place.ts';

/**
 * The first line of a file of visits, as it is on disk. It tells the numbers that no visit's line tells any more, so that
 * none is given twice: of the next visit, and of the last alert.
 */
export class FirstLine {
  #head: Head;
  /** The highest sequence of an alert, and the visit whose line tells it; null: none needs to. */
  #lastAlert: Readonly<{ sequence: number; visit: number | null }>;

  /** @param lastAlert the last alert's sequence; 0: there was none */
  constructor(head: Head, lastAlert: number, visits: readonly KeptVisit[]) {
    this.#head = head;
    const teller = visits.find(({ alert }) => alert?.sequence === lastAlert)?.visit.number ?? null;
    this.#lastAlert = { sequence: lastAlert, visit: head.alerts < lastAlert ? teller : null };
  }

  /** As it has to be before the lines of these visits are overwritten; null: it is so already. */
  beforeLosing(visitNumbers: readonly number[], next: number, places: number): Head | null {
    const told = visitNumbers.some((number) => number === this.#lastAlert.visit);
    const alerts = told ? this.#lastAlert.sequence : 0;
    return this.#changed({
      ...this.#head,
      next: Math.max(this.#head.next, next),
      places,
      alerts: Math.max(this.#head.alerts, alerts),
    });
  }

  /**
   * As it has to be together with visits that are about to be written; null: it is so already.
   * @param lastUnkept the highest sequence of alerts whose visits could not be written
   */
  besides(alerts: readonly (KeptAlert | null)[], lastUnkept: number, places: number): Head | null {
    const told = Math.max(this.#lastAlert.sequence, ...alerts.map((alert) => alert?.sequence ?? 0));
    const unkept = lastUnkept > told ? lastUnkept : 0;
    return this.#changed({ ...this.#head, places, alerts: Math.max(this.#head.alerts, unkept) });
  }

  /** As it has to be where nothing of an alert may be left; null: it is so already. */
  withoutAlerts(): Head | null {
    this.#lastAlert = { sequence: 0, visit: null };
    return this.#changed({ ...this.#head, alerts: 0 });
  }

  /** Takes note that it is on disk so. */
  written(head: Head): void {
    this.#head = head;
    if (head.alerts >= this.#lastAlert.sequence) this.#lastAlert = { sequence: head.alerts, visit: null };
  }

  /** Takes note that a visit's line tells its alert's sequence. */
  alertWritten({ sequence }: KeptAlert, visit: number): void {
    if (sequence > this.#lastAlert.sequence) this.#lastAlert = { sequence, visit };
  }

  #changed(head: Head): Head | null {
    const { next, places, alerts } = this.#head;
    return head.next === next && head.places === places && head.alerts === alerts ? null : head;
  }
}
