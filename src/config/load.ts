import { readFile } from 'node:fs/promises';
import { isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import { ConfigError } from './config-error.ts';
import { problemsOf } from './problems.ts';
import { type Config, configSchema } from './schema.ts';

/** Every default. */
export function defaultConfig(): Config {
  return configSchema.parse({});
}

/**
 * Reads and checks a configuration file; null stands for no file, which is every default.
 * @throws ConfigError with every problem found
 */
export async function loadConfig(file: string | null): Promise<Config> {
  if (file === null) return defaultConfig();
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new ConfigError('unreadable', file, [
      { field: '', problem: `cannot be read (${code})`, line: null },
    ]);
  }
  return parseConfig(text, file);
}

/**
 * Checks a configuration written in YAML.
 * @param source name of the text in messages
 * @throws ConfigError with every problem found
 */
export function parseConfig(text: string, source: string): Config {
  const lines = new LineCounter();
  // Without pretty errors, which would quote the file, and with it what may be a secret.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const broken = [...document.errors, ...document.warnings];
  if (broken.length > 0) {
    const problems = broken.map((error) => ({
      field: '',
      problem: `is not YAML: ${YAML_PROBLEMS[error.code] ?? error.code.toLowerCase().replaceAll('_', ' ')}`,
      line: lines.linePos(error.pos[0]).line,
    }));
    throw new ConfigError('syntax', source, problems);
  }
  const given: unknown = toPlain(document, source) ?? {};
  const result = configSchema.safeParse(given);
  if (result.success) return result.data;
  const lineOf = (path: readonly PropertyKey[]): number | null => lineIn(document.contents, path, lines);
  throw new ConfigError('invalid', source, problemsOf(result.error.issues, given, lineOf));
}

/** The commonest of the parser's codes in words; its own messages may quote the file. */
const YAML_PROBLEMS: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'a field is set twice',
  TAB_AS_INDENT: 'tabs cannot indent',
  BAD_INDENT: 'an indentation or a closing bracket is missing',
  MISSING_CHAR: 'a quote, bracket or colon is missing',
};

function toPlain(document: ReturnType<typeof parseDocument>, source: string): unknown {
  try {
    return document.toJS();
  } catch {
    throw new ConfigError('syntax', source, [
      { field: '', problem: 'is not YAML: an alias cannot be resolved', line: null },
    ]);
  }
}

function lineIn(root: Node | null, path: readonly PropertyKey[], lines: LineCounter): number | null {
  let node: unknown = root;
  let line: number | null = null;
  for (const key of path) {
    if (!isMap(node)) return null;
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
    if (pair === undefined || !isScalar(pair.key) || !pair.key.range) return null;
    line = lines.linePos(pair.key.range[0]).line;
    node = pair.value;
  }
  return line;
}
