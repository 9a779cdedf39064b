import type { FaceFinder } from '../ports/face-finder.ts';
import type { VirtualClock } from './virtual-clock.ts';

/**
 * A face finder on virtual time: time stands still while the real one works, and then passes by `latencyMs`, so that a
 * run does not depend on how fast this machine is.
 */
export function heldVision(faceFinder: FaceFinder, clock: VirtualClock, latencyMs: number): FaceFinder {
  return {
    async find(frame) {
      const faces = await clock.hold(faceFinder.find(frame));
      await clock.sleep(latencyMs);
      return faces;
    },
    close: () => faceFinder.close(),
  };
}
