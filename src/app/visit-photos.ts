import { faceStill } from '../camera/face-still.ts';
import { pixelate } from '../camera/pixelate.ts';
import type { CameraFrame } from '../domain/camera-frame.ts';
import type { SeenFace } from '../domain/face.ts';
import type { DecidedVisit, GateState } from '../gate/types.ts';
import type { PhotoSealer } from '../ports/photo-sealer.ts';
import type { PhotoStore } from '../ports/photo-store.ts';
import type { GateInput } from './gate-loop.ts';

/** What photos need. */
export type PhotoParts = Readonly<{
  sealer: PhotoSealer;
  /** Deletes a photo again whose visit cannot be stored. */
  store: Pick<PhotoStore, 'keep'>;
  /** Whether photos may be kept at this moment: the storage profile in force is 3. */
  wanted: () => boolean;
}>;

/**
 * Takes one sealed photo of a visitor. Holds one frame, only while a visitor is measured, and overwrites every frame it
 * saw once it is of no more use. To be told of every input before and of every state after it is judged.
 */
export interface VisitPhotos {
  onInput(input: GateInput): void;
  onState(state: GateState): void;
  /**
   * The photo of the visit just decided, from the newest frame that showed its face; null: none is kept of this one. The
   * frame is overwritten on return, what was cut from it once it is sealed.
   */
  take(visit: DecidedVisit, state: GateState): Promise<Uint8Array> | null;
  /** Overwrites what is held. */
  release(): void;
}

type Seen = Readonly<{ frame: CameraFrame; faces: readonly SeenFace[] }>;

/** @param withoutMask what is kept of a visitor who does not clearly wear a mask */
export function createVisitPhotos(
  { sealer, wanted }: Pick<PhotoParts, 'sealer' | 'wanted'>,
  withoutMask: 'none' | 'pixelated',
): VisitPhotos {
  /** The frame being judged now. */
  let newest: Seen | null = null;
  /** The newest frame of the visitor being measured. */
  let held: Seen | null = null;

  const photoOf = ({ frame, faces }: Seen, { mask }: DecidedVisit, { phase }: GateState) => {
    if (phase.kind !== 'answered' || frame.atMs !== phase.seenAtMs) return null;
    if (!wanted() || (mask !== 'worn' && withoutMask === 'none')) return null;
    const others = faces.filter((face) => face !== phase.face);
    const still = faceStill(
      frame,
      phase.face.box,
      others.map((face) => face.box),
    );
    if (mask !== 'worn') pixelate(still);
    return sealer.seal(still);
  };

  return {
    onInput(input) {
      if (input.kind === 'frame') newest = input;
    },
    onState(state) {
      const seenAtMs = measuredSeenAtMs(state);
      if (newest !== null && newest.frame.atMs === seenAtMs && wanted()) {
        wipe(held);
        held = newest;
      } else {
        wipe(newest);
      }
      newest = null;
      if (seenAtMs === null) {
        wipe(held);
        held = null;
      }
    },
    take(visit, state) {
      const photo = held === null ? null : photoOf(held, visit, state);
      wipe(held);
      held = null;
      return photo;
    },
    release() {
      wipe(newest);
      wipe(held);
      newest = null;
      held = null;
    },
  };
}

/** When the visitor being measured was last seen, ms; null: nobody is measured. */
function measuredSeenAtMs({ phase, tracking }: GateState): number | null {
  if (phase.kind !== 'measuring') return null;
  return tracking.tracks.find((track) => track.id === phase.trackId)?.seenAtMs ?? null;
}

function wipe(seen: Seen | null): void {
  seen?.frame.data.fill(0);
}
