import { InvalidArgumentError } from 'commander';

/** A visit number from the command line. */
export function visitNumberOf(text: string): number {
  const number = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  if (number < 1) throw new InvalidArgumentError('a visit number expected.');
  return number;
}
