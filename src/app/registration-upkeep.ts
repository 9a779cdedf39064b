import type { Config } from '../config/schema.ts';
import type { GateState } from '../gate/types.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { pairingParams, pairStill } from '../registration/pairing.ts';
import { keepUp, type Upkeep } from '../registration/upkeep.ts';
import { headViewOf, type MountSettings, mountOf } from './gate-params.ts';

/** Where the upkeep of a gate's registration begins, and where it is kept. */
export type UpkeepParts = Readonly<{
  base: MountSettings;
  upkeep: Upkeep;
  save: (upkeep: Upkeep) => Promise<void>;
}>;

/** Learns from each visitor whether the mount is still where it was. The geometry in force does not change. */
export interface RegistrationUpkeep {
  /** A visitor has just been answered. */
  visit(state: GateState): void;
  /** Keeps what was learnt. */
  settled(): Promise<void>;
}

const DAY_MS = 86_400_000;

/** Saves once a day, when the mount has moved, and at the end: each save wears the card a little. */
export function createRegistrationUpkeep(
  { base, upkeep: start, save }: UpkeepParts,
  config: Config,
  { clock, log }: Readonly<{ clock: Clock; log: Log }>,
): RegistrationUpkeep {
  const calibrated = { ...config, mount: base };
  const view = headViewOf(calibrated);
  const mount = mountOf(calibrated);
  const params = pairingParams(view, mount, 0);
  let upkeep = start;
  let saved = start;
  let saving = Promise.resolve();

  const keep = (): void => {
    if (upkeep === saved) return;
    const state = upkeep;
    saved = state;
    saving = saving
      .then(() => save(state))
      .catch((error: unknown) =>
        log.error({ error: String(error) }, 'keeping the registration upkeep failed'),
      );
  };

  return {
    visit({ thermogram, phase }) {
      if (thermogram === null || phase.kind !== 'answered') return;
      const pair = pairStill(phase.face, thermogram.toC, params);
      if (typeof pair === 'string') return;
      const { unixMs, trusted } = clock.wallTime();
      const before = upkeep;
      upkeep = keepUp(before, pair, mount, view, trusted ? Math.floor(unixMs / DAY_MS) : before.day);
      const moved = upkeep.movedOnDay !== null;
      if (moved && before.movedOnDay === null) {
        log.warn(
          { acrossPx: rounded(upkeep.shift.across), downPx: rounded(upkeep.shift.down) },
          'the thermal array or the camera has moved: fevergate calibrate registration',
        );
      }
      if (upkeep.day !== saved.day || moved !== (saved.movedOnDay !== null)) keep();
    },
    async settled() {
      keep();
      await saving;
    },
  };
}

function rounded(px: number): number {
  return Math.round(px * 100) / 100;
}
