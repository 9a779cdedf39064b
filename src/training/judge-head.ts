import { type MaskHead, maskProbability } from '../vision/mask-head.ts';
import { isSure } from '../vision/mask-state.ts';
import type { Sample } from './fit-head.ts';

/** How a head does on samples it was not trained on. Shares are 0..1, to four decimals. */
export type HeadFigures = Readonly<{
  worn: number;
  notWorn: number;
  /** Right at a threshold of one half: of all, of the worn, of the not worn. */
  accuracy: number;
  wornRight: number;
  notWornRight: number;
  /** Share that says something (`isSure`), and how much of that is right. */
  speaking: number;
  speakingRight: number;
}>;

export function judge(head: MaskHead, samples: readonly Sample[]): HeadFigures {
  const judged = samples.map(({ features, truth: worn }) => {
    const probability = maskProbability(head, features);
    return { worn, right: probability > 0.5 === worn, speaking: isSure(probability) };
  });
  const worn = judged.filter((one) => one.worn);
  const notWorn = judged.filter((one) => !one.worn);
  const speaking = judged.filter((one) => one.speaking);
  const rightShare = (some: typeof judged): number =>
    share(some.filter((one) => one.right).length, some.length);
  return {
    worn: worn.length,
    notWorn: notWorn.length,
    accuracy: rightShare(judged),
    wornRight: rightShare(worn),
    notWornRight: rightShare(notWorn),
    speaking: share(speaking.length, judged.length),
    speakingRight: rightShare(speaking),
  };
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((10_000 * part) / whole) / 10_000;
}
