/** A seeded source of numbers: the same seed gives the same gate, visitor for visitor. */
export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Normal with mean 0 and standard deviation 1. */
  normal(): number;
  /** An independent stream, so that one user of numbers does not shift another's. */
  fork(): Random;
}

/** Mulberry32, a 32-bit generator good enough for scenes and noise; normals by Marsaglia's polar method. */
export function seededRandom(seed: number): Random {
  let state = seed | 0;
  let spare: number | null = null;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const normal = (): number => {
    if (spare !== null) {
      const value = spare;
      spare = null;
      return value;
    }
    for (;;) {
      const u = 2 * uniform() - 1;
      const v = 2 * uniform() - 1;
      const square = u * u + v * v;
      if (square === 0 || square >= 1) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      spare = v * factor;
      return u * factor;
    }
  };
  return { uniform, normal, fork: () => seededRandom(Math.floor(uniform() * 4_294_967_296)) };
}
