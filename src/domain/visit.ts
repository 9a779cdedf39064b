import type { MaskState } from './face.ts';

/** The gate's answer to one visit, about the face surface temperature. */
export type Outcome = 'normal' | 'recheck' | 'elevated';

/** A face surface temperature with its standard uncertainty, both degC. */
export type Reading = Readonly<{ temperatureC: number; uncertaintyC: number }>;

/** What one decided visit amounts to. Nothing of the person is in it. */
export type Visit = Readonly<{
  /** Consecutive, from 1, never reused. */
  number: number;
  /** Unix time in ms. */
  timeMs: number;
  /** Whether the clock was synchronised. */
  timeTrusted: boolean;
  outcome: Outcome;
  mask: MaskState;
  reading: Reading;
  /** What a healthy visitor would have read then, degC; null while too few had passed. */
  baselineC: number | null;
  /** From here on a reading was elevated, degC. */
  limitC: number;
  /** Serial number of the thermal sensor, 12 hexadecimal digits. */
  sensor: string;
}>;

/** What a guard's clinical thermometer made of a visitor answered `recheck` or `elevated`. */
export type CheckVerdict = Readonly<{
  /** How far the reading lay above what was normal then, degC. */
  aboveNormalC: number;
  confirmed: boolean;
}>;
