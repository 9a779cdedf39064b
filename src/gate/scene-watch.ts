import { THERMAL_COLUMNS, THERMAL_PIXELS, type Thermogram } from '../domain/thermogram.ts';
import type { SamplingConditions } from '../screening/face-samples.ts';
import { type HotSpots, noHotSpots, watchHotSpots } from '../screening/hot-spots.ts';
import { type PresenceParams, somebodyPresent, warmFromC } from '../screening/presence.ts';
import {
  noReference,
  type Reference,
  type ReferenceParams,
  trackReference,
} from '../screening/reference/track-reference.ts';
import {
  backgroundOf,
  type Surroundings,
  type SurroundingsLimits,
  unknownSurroundings,
  watchSurroundings,
} from '../screening/surroundings.ts';

/** What is known of everything in view that is no visitor. */
export type SceneWatch = Readonly<{
  surroundings: Surroundings;
  hotSpots: HotSpots;
  /** Stays at its beginning while no reference is configured. */
  reference: Reference;
  /** 1 where a pixel shows no skin: hot things, the reference. */
  masked: Uint8Array;
  /** Whether somebody warm is in the newest thermogram. */
  present: boolean;
}>;

/** Under which conditions a reading may become a verdict. */
export type ConditionParams = Readonly<{
  surroundings: SurroundingsLimits;
  /** Null: there is none in view. */
  reference: ReferenceParams | null;
  /** A face below comes straight from outdoors, one above is none, degC. */
  outdoorsBelowC: number;
  implausibleAboveC: number;
}>;

export const nothingSeen: SceneWatch = {
  surroundings: unknownSurroundings,
  hotSpots: noHotSpots,
  reference: noReference,
  masked: noHotSpots.hot,
  present: false,
};

/** The reference's edge, and the lens' blur beyond it, thermal pixels. */
const AROUND_REFERENCE_PX = 2;
/** Standard uncertainty of a reading that a reference in view has corrected: its own, and the pixels' drift, degC. */
const WITH_REFERENCE_C = 0.08;

/** The scene after a thermogram; `facesInView`: the camera sees somebody. */
export function watchScene(
  before: SceneWatch,
  thermogram: Thermogram,
  facesInView: boolean,
  params: Readonly<{ presence: PresenceParams; conditions: ConditionParams }>,
): SceneWatch {
  const { reference: known } = params.conditions;
  const reference =
    known === null ? before.reference : trackReference(before.reference, thermogram, facesInView, known);
  const backgroundC = backgroundOf(thermogram);
  const warmC = warmFromC(backgroundC, params.presence);
  const hotSpots = watchHotSpots(before.hotSpots, thermogram, warmC, facesInView);
  const noVisitor = withReference(hotSpots.noVisitor, reference);
  const present = somebodyPresent(thermogram, warmC, params.presence, noVisitor);
  return {
    reference,
    hotSpots,
    masked: withReference(hotSpots.hot, reference),
    present,
    surroundings: watchSurroundings(
      before.surroundings,
      thermogram,
      backgroundC,
      !present,
      reference.offsetC,
    ),
  };
}

/** What a face's samples must be corrected by, and must leave out. */
export function samplingConditions({ reference, masked }: SceneWatch): SamplingConditions {
  return { offsetC: reference.offsetC, masked };
}

/** What averaging leaves uncertain: less where a reference shows the sensor's drift. */
export function systematicUncertaintyC({ reference }: SceneWatch, withoutC: number): number {
  return reference.state === 'found' ? Math.min(withoutC, WITH_REFERENCE_C) : withoutC;
}

function withReference(hot: Uint8Array, { disc, state }: Reference): Uint8Array {
  if (disc === null || state === 'searching') return hot;
  const masked = hot.slice();
  for (let pixel = 0; pixel < THERMAL_PIXELS; pixel++) {
    const x = (pixel % THERMAL_COLUMNS) + 0.5 - disc.x;
    const y = Math.floor(pixel / THERMAL_COLUMNS) + 0.5 - disc.y;
    if (Math.hypot(x, y) <= disc.radiusPx + AROUND_REFERENCE_PX) masked[pixel] = 1;
  }
  return masked;
}
