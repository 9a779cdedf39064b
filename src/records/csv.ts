import type { StoredVisit } from './stored-visit.ts';

type Value = string | number | boolean | null;

/** The columns of an export, in order; documented in docs/records.md. */
const COLUMNS: Readonly<Record<string, (visit: StoredVisit) => Value>> = {
  number: (visit) => visit.number,
  time: (visit) => visit.time,
  time_trusted: (visit) => visit.time_trusted ?? true,
  class: (visit) => visit.class,
  mask: (visit) => visit.mask,
  temperature_c: (visit) => (visit.class === 'normal' ? null : visit.temperature_c),
  uncertainty_c: (visit) => (visit.class === 'normal' ? null : visit.uncertainty_c),
  baseline_c: (visit) => (visit.class === 'normal' ? null : visit.baseline_c),
  limit_c: (visit) => (visit.class === 'normal' ? null : visit.limit_c),
  sensor: (visit) => (visit.class === 'normal' ? null : visit.sensor),
  check_result: (visit) => checkOf(visit)?.result ?? null,
  check_temperature_c: (visit) => checkOf(visit)?.temperature_c ?? null,
  check_time: (visit) => checkOf(visit)?.time ?? null,
};

/** The names of the columns. */
export const CSV_COLUMNS: readonly string[] = Object.keys(COLUMNS);

/** The first line of an export, with its end. */
export const CSV_HEADER = csvLine(CSV_COLUMNS);

/** A visit as a line, with its end. */
export function csvOfVisit(visit: StoredVisit): string {
  return csvLine(Object.values(COLUMNS).map((value) => value(visit)));
}

/**
 * One record of RFC 4180. Text that a spreadsheet would take for a formula gets an apostrophe before it; numbers are
 * left alone, for a negative one is no formula.
 */
export function csvLine(values: readonly Value[]): string {
  return `${values.map(field).join(',')}\r\n`;
}

function field(value: Value): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

function checkOf(visit: StoredVisit) {
  return visit.class === 'normal' ? undefined : visit.check;
}
