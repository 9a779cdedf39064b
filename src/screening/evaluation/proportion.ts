/** A share with its 95 % interval; null when there was nothing to count. */
export type Proportion = Readonly<{ share: number; low: number; high: number }>;

const Z95 = 1.959964;

/** Share of `hits` among `all`, with the score interval of Wilson, J. Am. Stat. Assoc. 22 (1927) 209. */
export function proportion(hits: number, all: number): Proportion | null {
  if (all === 0) return null;
  const share = hits / all;
  const weight = Z95 ** 2 / all;
  const centre = (share + weight / 2) / (1 + weight);
  const half = (Z95 * Math.sqrt((share * (1 - share)) / all + weight / (4 * all))) / (1 + weight);
  return { share, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}
