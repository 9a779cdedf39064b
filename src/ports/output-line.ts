/** One output: an LED or a buzzer. */
export interface OutputLine {
  /** True drives the load on, whatever the electrical polarity. */
  set(on: boolean): void;
}

/** A buzzer that can play a tone; an active buzzer only knows on and off and ignores the frequency. */
export interface ToneLine {
  /** Starts a tone of `frequencyHz`, or silence with 0. */
  tone(frequencyHz: number): void;
}

/** The gate's outputs. */
export type GateLines = Readonly<{
  red: OutputLine;
  yellow: OutputLine;
  green: OutputLine;
  buzzer: ToneLine;
}>;
