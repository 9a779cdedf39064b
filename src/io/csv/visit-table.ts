import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { DateTime } from 'luxon';

/** Columns of a table of visits, by their heading. */
export type VisitColumns = Readonly<{
  reading: string;
  time: string;
  /** Null: there is none. */
  ambient: string | null;
  reference: string | null;
}>;

/** One row of a table of visits. */
export type VisitRow = Readonly<{
  timeMs: number;
  readingC: number;
  ambientC: number | null;
  referenceC: number | null;
}>;

export type VisitTable = Readonly<{
  columns: VisitColumns;
  /** In order of time. */
  rows: readonly VisitRow[];
  /** Rows without a reading, left out. */
  withoutReading: number;
  /** True when the file was not in order of time. */
  reordered: boolean;
}>;

/** A table that cannot be used; the message names the file, the line and what to correct. */
export class TableError extends Error {
  override readonly name = 'TableError';
}

/** What the columns are called unless told: this project's exports, then the published clinical data. */
const USUAL = {
  reading: ['reading_c', 'temperature_c', 'face_max_1_c'],
  time: ['time'],
  ambient: ['ambient_c'],
  reference: ['reference_c', 'oral_c'],
} as const;

/** A face surface temperature, room or clinical thermometer outside this is a wrong unit, degC. */
const LEAST_C = -20;
const MOST_C = 60;

type Records = readonly Readonly<Record<string, string>>[];

/**
 * Reads a table of visits: CSV with a heading line.
 * @throws TableError
 */
export async function readVisitTable(file: string, wanted: Partial<VisitColumns>): Promise<VisitTable> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new TableError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  });
  return parseVisitTable(text, file, wanted);
}

/** @throws TableError */
export function parseVisitTable(text: string, file: string, wanted: Partial<VisitColumns>): VisitTable {
  const records = recordsOf(text, file);
  const columns = chooseColumns(Object.keys(records[0] ?? {}), file, wanted);
  const rows = records.flatMap((record, index) => {
    // The heading is line 1.
    const at = (column: string): string => `${file} line ${index + 2}: ${column}`;
    const readingC = celsiusIn(record[columns.reading], at(columns.reading));
    if (readingC === null) return [];
    return [
      {
        timeMs: timeIn(record[columns.time], at(columns.time)),
        readingC,
        ambientC: optional(record, columns.ambient, at),
        referenceC: optional(record, columns.reference, at),
      },
    ];
  });
  if (rows.length === 0) throw new TableError(`${file}: no row has a ${columns.reading}`);
  const ordered = rows.toSorted((a, b) => a.timeMs - b.timeMs);
  return {
    columns,
    rows: ordered,
    withoutReading: records.length - rows.length,
    reordered: ordered.some((row, index) => row !== rows[index]),
  };
}

function recordsOf(text: string, file: string): Records {
  try {
    return parse(text, { columns: true, bom: true, skip_empty_lines: true, trim: true });
  } catch (error) {
    throw new TableError(`${file} is no CSV: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function chooseColumns(there: readonly string[], file: string, wanted: Partial<VisitColumns>): VisitColumns {
  const missing = (what: string, name: string): TableError =>
    new TableError(`${file} has no column ${name}; choose one with --${what}: ${there.join(', ')}`);
  const find = (what: keyof typeof USUAL): string | null => {
    const given = wanted[what] ?? null;
    if (given !== null && !there.includes(given)) throw missing(what, given);
    return given ?? USUAL[what].find((name) => there.includes(name)) ?? null;
  };
  const reading = find('reading');
  const time = find('time');
  if (reading === null) throw missing('reading', USUAL.reading[0]);
  if (time === null) throw missing('time', USUAL.time[0]);
  return { reading, time, ambient: find('ambient'), reference: find('reference') };
}

function optional(
  record: Readonly<Record<string, string>>,
  column: string | null,
  at: (column: string) => string,
): number | null {
  return column === null ? null : celsiusIn(record[column], at(column));
}

/** Null for an empty cell. */
function celsiusIn(cell: string | undefined, where: string): number | null {
  if (cell === undefined || cell === '') return null;
  const value = Number(cell);
  if (Number.isFinite(value) && value >= LEAST_C && value <= MOST_C) return value;
  throw new TableError(
    `${where} is ${JSON.stringify(cell)}, not a temperature from ${LEAST_C} to ${MOST_C} degC`,
  );
}

/** Without an offset it is taken as UTC: only the order and the pauses count. */
function timeIn(cell: string | undefined, where: string): number {
  const time = DateTime.fromISO(cell ?? '', { zone: 'utc' });
  if (time.isValid) return time.toMillis();
  throw new TableError(`${where} is ${JSON.stringify(cell ?? '')}, not a time such as 2026-01-31T08:15:00`);
}
