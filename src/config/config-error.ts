/** Why a configuration is not used: not readable, not YAML, or with fields that do not hold. */
export type ConfigErrorCode = 'unreadable' | 'syntax' | 'invalid';

/** One thing to correct. Never holds a secret. */
export type ConfigProblem = Readonly<{
  /** Dotted path; empty for the file as a whole. */
  field: string;
  /** What is wrong and what is allowed, without the field's name. */
  problem: string;
  /** Line in the file, from 1; null where the field is not in the file. */
  line: number | null;
}>;

/** A problem in one line: `visit.maxDistanceM: 9 is too big; allowed 0.3 to 3 (line 21)`. */
export function problemText({ field, problem, line }: ConfigProblem): string {
  return `${field === '' ? '' : `${field}: `}${problem}${line === null ? '' : ` (line ${line})`}`;
}

/** A configuration that cannot be used, with every problem found. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code: ConfigErrorCode;
  readonly problems: readonly ConfigProblem[];
  constructor(code: ConfigErrorCode, source: string, problems: readonly ConfigProblem[]) {
    super(problems.map((problem) => `${source}: ${problemText(problem)}`).join('\n'));
    this.code = code;
    this.problems = problems;
  }
}
