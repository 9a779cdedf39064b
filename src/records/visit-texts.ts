import type { StoredVisit } from './stored-visit.ts';
import { type Language, WORDS } from './words.ts';

/** What stands for a time that nobody vouches for. */
export const UNTRUSTED = '?';

/** A visit's fields as people read them, in the order of {@link titlesIn}; empty where there is nothing. */
export function textsOf(visit: StoredVisit, language: Language): readonly string[] {
  const words = WORDS[language];
  const time = `${visit.time.slice(0, 10)} ${visit.time.slice(11, 19)}`;
  const common = [
    String(visit.number),
    visit.time_trusted === false ? `${time} ${UNTRUSTED}` : time,
    words.classes[visit.class],
    words.masks[visit.mask],
  ];
  if (visit.class === 'normal') return [...common, '', '', ''];
  const { temperature_c, uncertainty_c, limit_c, check } = visit;
  const checked = check === undefined ? '' : words.checks[check.result];
  const clinical = check?.temperature_c == null ? '' : ` ${check.temperature_c.toFixed(1)} °C`;
  return [
    ...common,
    `${temperature_c.toFixed(2)} ± ${uncertainty_c.toFixed(2)} °C`,
    `${limit_c.toFixed(2)} °C`,
    `${checked}${clinical}`,
  ];
}

/** The titles of a visit's fields. */
export function titlesIn(language: Language): readonly string[] {
  const { number, time, class: outcome, mask, temperature, limit, check } = WORDS[language];
  return [number, time, outcome, mask, temperature, limit, check];
}
