/** An exponential moving average that starts with its first value, and afresh after a jump. */
export interface SlowAverage {
  /** Takes a value in and returns the average. */
  accept(value: number): number;
  restart(): void;
}

/**
 * @param span values it averages over, as a plain moving average of that length would smooth noise
 * @param jump difference between value and average from which the average follows at once
 */
export function createSlowAverage(span: number, jump: number): SlowAverage {
  const weight = 2 / (span + 1);
  let average: number | null = null;
  return {
    accept(value) {
      average =
        average === null || Math.abs(value - average) > jump ? value : average + weight * (value - average);
      return average;
    },
    restart() {
      average = null;
    },
  };
}
