// Every day of the calendar but 29 February, which is left to the long way.
const DAY = '(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)';
const CLOCK = '(?:[01]\\d|2[0-3]):[0-5]\\d';
const TIME = `"time":"(\\d{4}-${DAY}T${CLOCK}:[0-5]\\d[+-]${CLOCK})"`;
const NUMBER = '"number":([1-9]\\d{0,14})';
const MASK = '"mask":"(worn|not-worn|unsure)"';
const NOT_BELOW_0 = '(?:0|[1-9]\\d?)(?:\\.\\d{1,2})?';
const CELSIUS = `(?:-[1-4]?\\d(?:\\.\\d{1,2})?|${NOT_BELOW_0})`;
const NORMAL = new RegExp(`^\\{${NUMBER},${TIME},"class":"normal",${MASK}\\}$`);
const WITH_READING = new RegExp(
  `^\\{${NUMBER},${TIME},"class":"(recheck|elevated)",${MASK},"temperature_c":(${CELSIUS}),` +
    `"uncertainty_c":(${NOT_BELOW_0}),"baseline_c":(${CELSIUS}|null),"limit_c":(${CELSIUS}),"sensor":"([0-9a-f]{12})"\\}$`,
);

type Mask = 'worn' | 'not-worn' | 'unsure';

/** A visit of a trusted time that no guard has checked, as the store writes it. */
export type CommonVisit =
  | Readonly<{ number: number; time: string; mask: Mask; class: 'normal' }>
  | Readonly<{
      number: number;
      time: string;
      mask: Mask;
      class: 'recheck' | 'elevated';
      temperature_c: number;
      uncertainty_c: number;
      baseline_c: number | null;
      limit_c: number;
      sensor: string;
    }>;

/**
 * Reads the commonest kinds of lines many times faster than parsing and checking them field by field, and accepts
 * nothing that doing so would refuse.
 * @returns null for any other line, good or not
 */
export function parseCommonLine(line: string): CommonVisit | null {
  const normal = NORMAL.exec(line);
  if (normal !== null) {
    const [, number, time = '', mask] = normal;
    return { number: Number(number), time, mask: mask as Mask, class: 'normal' };
  }
  const read = WITH_READING.exec(line);
  if (read === null) return null;
  const [, number, time = '', outcome, mask, temperature, uncertainty, baseline, limit, sensor = ''] = read;
  return {
    number: Number(number),
    time,
    mask: mask as Mask,
    class: outcome as 'recheck' | 'elevated',
    temperature_c: Number(temperature),
    uncertainty_c: Number(uncertainty),
    baseline_c: baseline === 'null' ? null : Number(baseline),
    limit_c: Number(limit),
    sensor,
  };
}
