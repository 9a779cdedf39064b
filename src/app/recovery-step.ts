/** What to do for a sensor that failed, besides trying again. */
export type RecoveryStep = 'wait' | 'clear-bus' | 'cycle-power';

const ROUND = 4;

/**
 * The next step after so many failures in a row: first only patience, then the bus is freed, then the supply switched;
 * and so on in rounds of four, for some sensors came back only after hours.
 * @param failures 1 or more
 */
export function recoveryStep(failures: number): RecoveryStep {
  switch (failures % ROUND) {
    case 2:
      return 'clear-bus';
    case 3:
      return 'cycle-power';
    default:
      return 'wait';
  }
}
