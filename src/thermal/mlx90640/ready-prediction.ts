/** Predicts when the next subpage is ready, from when the ones before were found. */
export interface ReadyPrediction {
  /** When the next subpage should be ready, ms; null before one was found. */
  readonly nextMs: number | null;
  /**
   * A subpage was found.
   * @param foundMs when it was seen to be ready
   * @param notYetMs when it was last seen not to be; null: it was ready at the first look
   */
  found(foundMs: number, notYetMs: number | null): void;
  /** Nothing is known any more. */
  restart(): void;
}

/** Share of an error of the prediction that is taken for the sensor's clock being off. */
const CLOCK_GAIN = 0.1;
/** The sensor's clock is off by no more. */
const LARGEST_CLOCK_ERROR = 0.1;
/** A subpage ready at the first look may have waited: the next look comes so much earlier, each time twice that, ms. */
const EARLIER_MS = 0.3;
/** But no more than this share of a period. */
const EARLIEST = 0.05;
/** Errors beyond this share of a period are a late caller's or a restarted sensor's, not the clock's. */
const LATE_CALLER = 0.2;

/** @param nominalMs the period by the control register */
export function createReadyPrediction(nominalMs: number): ReadyPrediction {
  let readyMs: number | null = null;
  let periodMs = nominalMs;
  let earlierMs = EARLIER_MS;

  return {
    get nextMs() {
      return readyMs === null ? null : readyMs + periodMs;
    },
    found(foundMs, notYetMs) {
      if (readyMs === null) {
        readyMs = foundMs;
        return;
      }
      const expectedMs = readyMs + periodMs;
      if (notYetMs === null && foundMs - expectedMs > LATE_CALLER * nominalMs) {
        // Whoever comes late learns nothing of when it was ready.
        readyMs = expectedMs + Math.floor((foundMs - expectedMs) / periodMs) * periodMs;
        return;
      }
      const seenMs = notYetMs === null ? Math.min(expectedMs - earlierMs, foundMs) : (notYetMs + foundMs) / 2;
      earlierMs = notYetMs === null ? Math.min(2 * earlierMs, EARLIEST * nominalMs) : EARLIER_MS;
      readyMs = seenMs;
      const errorMs = seenMs - expectedMs;
      if (Math.abs(errorMs) > LATE_CALLER * nominalMs) return;
      const [shortest, longest] = [1 - LARGEST_CLOCK_ERROR, 1 + LARGEST_CLOCK_ERROR];
      periodMs += CLOCK_GAIN * errorMs;
      periodMs = Math.min(longest * nominalMs, Math.max(shortest * nominalMs, periodMs));
    },
    restart() {
      readyMs = null;
      periodMs = nominalMs;
      earlierMs = EARLIER_MS;
    },
  };
}
