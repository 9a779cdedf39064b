/** A normal visit of a trusted time as the store writes it; days up to the 28th, so that every one is in the calendar. */
const COMMON =
  /^\{"number":([1-9]\d{0,14}),"time":"(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d[+-](?:[01]\d|2[0-3]):[0-5]\d)","class":"normal","mask":"(worn|not-worn|unsure)"\}$/;

type Mask = 'worn' | 'not-worn' | 'unsure';

/** The commonest kind of visit. */
export type CommonVisit = Readonly<{ number: number; time: string; mask: Mask; class: 'normal' }>;

/**
 * Reads the commonest kind of line many times faster than parsing and checking it field by field, and accepts nothing
 * that doing so would refuse.
 * @returns null for any other line, good or not
 */
export function parseCommonLine(line: string): CommonVisit | null {
  const match = COMMON.exec(line);
  if (match === null) return null;
  const [, number, time = '', mask] = match;
  return { number: Number(number), time, mask: mask as Mask, class: 'normal' };
}
