import type { IPublishPacket } from 'mqtt';

/** Tells Home Assistant of the gate now, and again whenever it says that it has started. */
export interface DiscoveryTeller {
  /** Takes what came at the birth topic. */
  born(packet: IPublishPacket): void;
}

const BIRTH = 'online';
/** Not every device of a house at the same moment, ms. */
const LONGEST_WAIT_MS = 2000;
/** Home Assistant has the entities by then, ms. */
const ENTITIES_MADE_AFTER_MS = 1000;

/**
 * @param tell tells of the gate
 * @param afterBirth everything that entities show is to be told anew
 */
export function createDiscoveryTeller({
  tell,
  afterBirth,
}: Readonly<{ tell: () => void; afterBirth: () => void }>): DiscoveryTeller {
  tell();
  return {
    born({ payload, retain }) {
      // A retained one is old news: the discovery message is retained as well.
      if (retain || String(payload) !== BIRTH) return;
      setTimeout(() => {
        tell();
        setTimeout(afterBirth, ENTITIES_MADE_AFTER_MS).unref();
      }, Math.random() * LONGEST_WAIT_MS).unref();
    },
  };
}
