import type { ToneLine } from '../ports/output-line.ts';

/** A buzzer that can be kept silent whatever is played on it. */
export interface MutableBuzzer extends ToneLine {
  /** True: silent from now on; false: what is played now sounds again. */
  mute(muted: boolean): void;
}

export function createMutableBuzzer(buzzer: ToneLine): MutableBuzzer {
  let playedHz = 0;
  let isMuted = false;
  return {
    tone(frequencyHz) {
      playedHz = frequencyHz;
      if (!isMuted) buzzer.tone(frequencyHz);
    },
    mute(muted) {
      if (muted === isMuted) return;
      isMuted = muted;
      buzzer.tone(muted ? 0 : playedHz);
    },
  };
}
