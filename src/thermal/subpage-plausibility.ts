/** Judges a subpage's common words against those before it. */
export interface SubpagePlausibility {
  /** Null when plausible, else why not. `restarted` tells that a lasting change was accepted: averages must follow. */
  judge(taC: number, gainRatio: number): Readonly<{ fault: string | null; restarted: boolean }>;
  restart(): void;
}

/** The die can not change faster between two subpages, K. */
const LARGEST_TA_STEP_K = 1;
/** The gain word wanders by less between neighbours in time. */
const LARGEST_GAIN_STEP = 0.02;
const GAINS = 9;
/** Implausible subpages in a row that agree with each other, from which the change counts as real. */
const AGREEING = 3;

type Common = Readonly<{ taC: number; gainRatio: number }>;

export function createSubpagePlausibility(): SubpagePlausibility {
  let lastTaC: number | null = null;
  let gains: number[] = [];
  let refused: Common[] = [];

  const faultOf = (
    { taC, gainRatio }: Common,
    beforeC: number | null,
    before: readonly number[],
  ): string | null => {
    if (beforeC !== null && Math.abs(taC - beforeC) >= LARGEST_TA_STEP_K) {
      return `die temperature stepped from ${beforeC.toFixed(2)} to ${taC.toFixed(2)} degC`;
    }
    const usual = medianOf(before);
    if (usual !== null && Math.abs(gainRatio / usual - 1) > LARGEST_GAIN_STEP) {
      return `gain word stepped from ${usual.toFixed(3)} to ${gainRatio.toFixed(3)} of the calibrated one`;
    }
    return null;
  };

  const take = ({ taC, gainRatio }: Common): void => {
    lastTaC = taC;
    gains = [...gains, gainRatio].slice(-GAINS);
    refused = [];
  };

  /** Whether the refused ones tell the same story as this one. */
  const isLasting = (common: Common): boolean => {
    const agree = refused.every((one) => faultOf(one, common.taC, [common.gainRatio]) === null);
    refused = agree ? [...refused, common] : [common];
    return refused.length >= AGREEING;
  };

  return {
    judge(taC, gainRatio) {
      const common = { taC, gainRatio };
      const fault = faultOf(common, lastTaC, gains);
      if (fault === null) {
        take(common);
        return { fault, restarted: false };
      }
      if (!isLasting(common)) return { fault, restarted: false };
      gains = [];
      take(common);
      return { fault: null, restarted: true };
    },
    restart() {
      lastTaC = null;
      gains = [];
      refused = [];
    },
  };
}

function medianOf(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
