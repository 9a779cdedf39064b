import { InvalidArgumentError } from 'commander';

/** A visit number from the command line. */
export function visitNumberOf(text: string): number {
  const number = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  if (number < 1) throw new InvalidArgumentError('a visit number expected.');
  return number;
}

/** How many, from the command line. */
export function countOf(text: string): number {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (count < 1) throw new InvalidArgumentError('a whole number from 1 expected.');
  return count;
}
