import { type Command, InvalidArgumentError } from 'commander';
import type { Outcome } from '../../domain/visit.ts';
import {
  type Moment,
  type NumberRange,
  numbersText,
  parseMoment,
  parseNumberRange,
  type Selection,
} from '../../records/selection.ts';
import { CommandError } from '../command-error.ts';
import { countOf } from './numbers.ts';

/** An end of a time window: what was written, and what it means. */
type WindowEnd = Readonly<{ text: string; moment: Moment }>;

export type WindowFlags = Readonly<{ from?: WindowEnd; to?: WindowEnd }>;
export type ChoiceFlags = WindowFlags & Readonly<{ class?: readonly Outcome[]; last?: number }>;

const CLASSES: readonly Outcome[] = ['normal', 'recheck', 'elevated'];

export const TIMES_HELP =
  '\nTimes are local: 2026-01-31 (the whole day), 2026-01-31T14:05, 14:05 (today), 2026-01-31T14:05:30+09:00.';

/** Adds a time window: both ends included. */
export function withWindow(command: Command): Command {
  return command
    .option('--from <time>', 'first day or time', windowEndOf)
    .option('--to <time>', 'last day or time', windowEndOf);
}

/** Adds visit numbers. */
export function withNumbers(command: Command): Command {
  return command.argument('[numbers...]', 'visit numbers, or ranges of them: 12 20-30', rangesIn);
}

/** Adds everything that visits can be chosen by. */
export function withChoice(command: Command): Command {
  return withWindow(withNumbers(command))
    .option('--class <names>', `classes, with commas: ${CLASSES.join(', ')}`, classesOf)
    .option('--last <count>', 'so many of the newest that match the rest', countOf)
    .addHelpText('after', TIMES_HELP);
}

/** @throws CommandError when the window ends before it begins */
export function selectionOf(flags: ChoiceFlags, numbers: readonly NumberRange[]): Selection {
  const fromMs = flags.from?.moment.startMs ?? null;
  const untilMs = flags.to?.moment.endMs ?? null;
  if (fromMs !== null && untilMs !== null && untilMs <= fromMs)
    throw new CommandError('--to is before --from: no visit can be in between');
  return {
    fromMs,
    untilMs,
    classes: flags.class ?? null,
    numbers: numbers.length === 0 ? null : numbers,
    last: flags.last ?? null,
  };
}

/** What was asked for, as the manifest and the audit trail tell it. */
export function selectionText(flags: ChoiceFlags, numbers: readonly NumberRange[]): string {
  const parts = [
    ...(numbers.length === 0 ? [] : [numbersPart(numbers)]),
    ...(flags.from === undefined ? [] : [`from ${flags.from.text}`]),
    ...(flags.to === undefined ? [] : [`to ${flags.to.text}`]),
    ...(flags.class === undefined ? [] : [`class ${flags.class.join(', ')}`]),
    ...(flags.last === undefined ? [] : [`the last ${flags.last}`]),
  ];
  return parts.length === 0 ? 'all visits' : parts.join('; ');
}

/** Longest list of numbers that is told one by one, characters. */
const LONGEST_LIST = 200;

function numbersPart(numbers: readonly NumberRange[]): string {
  const text = numbersText(numbers);
  if (text.length <= LONGEST_LIST) return `visits ${text}`;
  const first = Math.min(...numbers.map((range) => range.first));
  const last = Math.max(...numbers.map((range) => range.last));
  return `${numbers.length} visits or ranges between ${first} and ${last}`;
}

function windowEndOf(text: string): WindowEnd {
  const moment = parseMoment(text);
  if (moment === null || text.length > 40) throw new InvalidArgumentError('a day or time expected.');
  return { text: text.trim(), moment };
}

function rangesIn(text: string, before: readonly NumberRange[] = []): readonly NumberRange[] {
  const range = parseNumberRange(text);
  if (range === null) throw new InvalidArgumentError('a visit number or a range like 20-30 expected.');
  return [...before, range];
}

function classesOf(text: string, before: readonly Outcome[] = []): readonly Outcome[] {
  const names = text.split(',').map((name) => CLASSES.find((one) => one === name.trim()));
  const known = names.filter((name) => name !== undefined);
  if (known.length < names.length) throw new InvalidArgumentError(`${CLASSES.join(', ')} expected.`);
  return [...new Set([...before, ...known])];
}
