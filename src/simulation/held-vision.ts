import type { FaceFinder } from '../ports/face-finder.ts';
import type { VirtualClock } from './virtual-clock.ts';

/**
 * A face finder on virtual time: an answer comes `latencyMs` after the question, however long the real one takes, so a
 * run does not depend on how fast this machine is.
 */
export function heldVision(faceFinder: FaceFinder, clock: VirtualClock, latencyMs: number): FaceFinder {
  return {
    async find(frame, judgeMasks) {
      const found = faceFinder.find(frame, judgeMasks);
      // A failure is taken up by hold; until then nobody waits for it.
      found.catch(() => undefined);
      await clock.sleep(latencyMs);
      return clock.hold(found);
    },
    close: () => faceFinder.close(),
  };
}
