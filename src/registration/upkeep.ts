import type { Mount } from '../domain/optics.ts';
import { thermalPixelOf } from './geometry.ts';
import { displacementOf, type HeadView, missOf } from './head-model.ts';
import { USUAL_PROPORTIONS } from './model-parameters.ts';
import type { FacePair } from './solve-mount.ts';

/** Across and down in the upright thermal picture, thermal pixels. */
export type Shift = Readonly<{ across: number; down: number }>;

/**
 * What daily visitors tell of a mount, against the one last calibrated. A visitor shows only where heads are, not at
 * which distance they would be wrong: so a shift of the picture is learnt, as a turn of the mount, and nothing else.
 */
export type Upkeep = Readonly<{
  visits: number;
  /** Where heads have lately been against where they were expected. */
  shift: Shift;
  /** How much of it is made good: in force from the gate's next start. */
  correction: Shift;
  /** Days since 1970 of the last visit, and the correction as that day began. */
  day: number;
  correctionAtDayStart: Shift;
  /** The day on which the mount was found to have moved; null: it has not. */
  movedOnDay: number | null;
}>;

const NO_SHIFT: Shift = { across: 0, down: 0 };

export const noVisitsYet: Upkeep = {
  visits: 0,
  shift: NO_SHIFT,
  correction: NO_SHIFT,
  day: 0,
  correctionAtDayStart: NO_SHIFT,
  movedOnDay: null,
};

/** Visitors that the shift is an average over. */
const MEMORY_VISITS = 200;
/** One visitor counts as no farther off than this, thermal pixels. */
const FARTHEST_PX = 1.5;
/** Fewer visitors than this change nothing and prove nothing. */
const ENOUGH_VISITS = 40;
/** Most that is ever made good without a calibration, and in a day, thermal pixels. */
export const CORRECTION_AT_MOST_PX = 0.5;
const CORRECTION_A_DAY_PX = 0.1;
/** From here on the mount has moved; nearer than the second it is back in its place. */
const MOVED_PX = 1;
const BACK_PX = 0.7;

/**
 * Takes in one measured visitor.
 * @param base the mount last calibrated, whatever is corrected since
 * @param day days since 1970; a day before the last one counts as the last one
 */
export function keepUp(before: Upkeep, pair: FacePair, base: Mount, view: HeadView, day: number): Upkeep {
  const miss = missOf({ mount: base, ...USUAL_PROPORTIONS }, pair.face, pair.head, view);
  if (miss === null) return before;
  const visits = before.visits + 1;
  const seen = displacementOf(miss);
  // Without a crown this visitor tells nothing of up and down.
  const down = pair.head.top === null ? before.shift.down : seen.down;
  const share = 1 / Math.min(visits, MEMORY_VISITS);
  const shift = {
    across: before.shift.across + share * limited(seen.across - before.shift.across, FARTHEST_PX),
    down: before.shift.down + share * limited(down - before.shift.down, FARTHEST_PX),
  };
  const isNewDay = day > before.day;
  const dayStart = isNewDay ? before.correction : before.correctionAtDayStart;
  const enough = visits >= ENOUGH_VISITS;
  const away = Math.hypot(shift.across, shift.down);
  const moved = enough && away >= (before.movedOnDay === null ? MOVED_PX : BACK_PX);
  const today = Math.max(day, before.day);
  return {
    visits,
    shift,
    // A mount that has moved is no longer refined: somebody must look at it.
    correction: enough && !moved ? corrected(shift, dayStart) : before.correction,
    day: today,
    correctionAtDayStart: dayStart,
    movedOnDay: moved ? (before.movedOnDay ?? today) : null,
  };
}

/** The mount to start the gate with: the calibrated one, turned by what the visitors have shown. */
export function mountKeptUp(base: Mount, { correction }: Upkeep, view: HeadView): Mount {
  const slopes = shiftPerRadian(base, view);
  return {
    ...base,
    yawRad: base.yawRad + correction.across / slopes.acrossPerYaw,
    pitchRad: base.pitchRad + correction.down / slopes.downPerPitch,
  };
}

function corrected({ across, down }: Shift, dayStart: Shift): Shift {
  const within = (value: number, start: number): number =>
    limited(start + limited(value - start, CORRECTION_A_DAY_PX), CORRECTION_AT_MOST_PX);
  return { across: within(across, dayStart.across), down: within(down, dayStart.down) };
}

/** How far the picture's middle moves with the mount's turns, upright thermal pixels a radian. */
function shiftPerRadian(base: Mount, view: HeadView) {
  const turn = 1e-3;
  const middle = { x: view.camera.width / 2, y: view.camera.height / 2 };
  const at = (mount: Mount) =>
    view.upright.turned(thermalPixelOf({ camera: view.camera, thermal: view.thermal, mount }, middle, 0.7));
  const straight = at(base);
  return {
    acrossPerYaw: (at({ ...base, yawRad: base.yawRad + turn }).x - straight.x) / turn,
    downPerPitch: (at({ ...base, pitchRad: base.pitchRad + turn }).y - straight.y) / turn,
  };
}

function limited(value: number, most: number): number {
  return Math.max(-most, Math.min(most, value));
}
