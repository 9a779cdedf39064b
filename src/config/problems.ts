import type { z } from 'zod';
import type { ConfigProblem } from './config-error.ts';
import { describeConfig } from './fields.ts';

type Path = readonly PropertyKey[];

/** Their values may hold a secret by mistake, so messages leave them out. */
const NEVER_SHOWN = /^alerts\.mqtt\.((embeddedBroker\.)?(username|passwordFile)|url|clientId)$/;
const LONGEST_SHOWN = 40;

/**
 * What the schema refused, in the operator's words.
 * @param given the configuration as written
 * @param lineOf line of a path in the file, from 1; null when it is not there
 */
export function problemsOf(
  issues: readonly z.core.$ZodIssue[],
  given: unknown,
  lineOf: (path: Path) => number | null,
): ConfigProblem[] {
  return issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => {
        const path = [...issue.path, key];
        return { field: path.join('.'), problem: `is not known; ${knownIn(issue.path)}`, line: lineOf(path) };
      });
    }
    const field = issue.path.join('.');
    return [{ field, problem: wordsFor(issue, field, valueAt(given, issue.path)), line: lineOf(issue.path) }];
  });
}

function wordsFor(issue: z.core.$ZodIssue, path: string, value: unknown): string {
  const { fields } = describeConfig();
  const field = fields.find((one) => one.path === path);
  if (field === undefined) return `${shown(path, value)} is not a section; ${knownIn(path.split('.'))}`;
  const what = value === undefined ? `the default ${shown(path, field.default)}` : shown(path, value);
  if (issue.code === 'custom' || issue.code === 'invalid_format') return `${what} ${issue.message}`;
  const word = { too_big: 'too big', too_small: 'too small' }[issue.code as string] ?? 'not allowed';
  if (typeof value === 'string')
    return `${what} is ${value === '' ? 'empty' : word}; allowed ${field.allowed}`;
  return `${what} is ${word}; allowed ${field.allowed}`;
}

function knownIn(path: Path): string {
  const section = describeConfig().sections.find((one) => one.path === path.join('.'));
  return `known here: ${section?.keys.join(', ') ?? ''}`;
}

function shown(path: string, value: unknown): string {
  if (NEVER_SHOWN.test(path)) return 'its value (not shown)';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a section';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}

function valueAt(given: unknown, path: Path): unknown {
  let value = given;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.getOwnPropertyDescriptor(value, key)?.value;
  }
  return value;
}
