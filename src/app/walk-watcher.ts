import type { Config } from '../config/schema.ts';
import type { Face } from '../domain/face.ts';
import { centreOf } from '../domain/geometry.ts';
import type { Thermogram } from '../domain/thermogram.ts';
import { type Cell, cellAt, type Guidance, guide, noWalkYet } from '../registration/guidance.ts';
import { asideRad } from '../registration/head-model.ts';
import { nothingToPair, type Pairing, pairingParams, seeFaces, seePicture } from '../registration/pairing.ts';
import type { FacePair } from '../registration/solve-mount.ts';
import { headViewOf, mountOf } from './gate-params.ts';

/** What was seen of one walk. */
export type Walk = Readonly<{
  pairs: readonly FacePair[];
  /** Thermal pictures with the face that the camera saw with each: one for every pair. */
  pictures: readonly WalkPicture[];
}>;

export type WalkPicture = Readonly<{ toC: Float32Array; face: Face }>;

/** Takes in what both sensors see of somebody walking. */
export interface WalkWatcher {
  picture(thermogram: Thermogram): void;
  /** @returns where to go next */
  faces(faces: readonly Face[], atMs: number): Guidance;
  walk(): Walk;
}

export function createWalkWatcher(config: Config, refreshRateHz: number): WalkWatcher {
  const view = headViewOf(config);
  const params = pairingParams(view, mountOf(config), 1000 / refreshRateHz);
  let pairing: Pairing = nothingToPair;
  let guidance = noWalkYet;
  let newest: Thermogram | null = null;
  const pictures: WalkPicture[] = [];
  /** How far heads are from where the uncalibrated geometry puts them, upright thermal pixels. */
  let shiftPx = 0;

  const acrossOf = (face: Face): number | null => {
    const region = params.registration.locate(face);
    return region === null ? null : view.upright.turned(centreOf(region.face)).x;
  };
  const placeOf = (face: Face | undefined): Cell | null => {
    const region = face === undefined ? null : params.registration.locate(face);
    if (region === null) return null;
    const across = view.upright.turned(centreOf(region.face)).x + shiftPx;
    return cellAt(region.distanceM, asideRad(across, view));
  };

  return {
    picture(thermogram) {
      pairing = seePicture(pairing, thermogram, params);
      newest = thermogram;
    },
    faces(faces, atMs) {
      const paired = seeFaces(pairing, faces, atMs, params);
      pairing = paired.pairing;
      const { pairs, noPair } = paired;
      const newestPair = pairs.at(-1);
      const expected = newestPair === undefined ? null : acrossOf(newestPair.face);
      if (newestPair !== undefined && expected !== null) {
        shiftPx = (newestPair.head.left + newestPair.head.right) / 2 - expected;
      }
      const before = guidance.pairs.length;
      guidance = guide(guidance, { pairs, noPair, place: placeOf(faces[0]) }, atMs, view);
      const added = guidance.pairs.at(-1);
      if (guidance.pairs.length > before && added !== undefined && newest !== null) {
        pictures.push({ toC: newest.toC, face: added.face });
      }
      return guidance;
    },
    walk: () => ({ pairs: guidance.pairs, pictures }),
  };
}
