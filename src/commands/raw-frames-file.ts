import { readFile } from 'node:fs/promises';
import { EEPROM_WORDS, SUBPAGE_WORDS, WORD } from '../thermal/mlx90640/registers.ts';
import { CommandError } from './command-error.ts';

/** A sensor's EEPROM and raw subpages, as dumped to a file. */
export type RawFrames = Readonly<{ eeprom: Uint16Array; frames: readonly Uint16Array[] }>;

/**
 * Reads `{ eeprom: number[832], frames: number[834][] }` from a JSON file.
 * @throws CommandError naming the file and the first field that is wrong
 */
export async function readRawFrames(path: string): Promise<RawFrames> {
  try {
    return rawFramesOf(parsed(await textOf(path)));
  } catch (error) {
    if (error instanceof CommandError) throw new CommandError(`${path}: ${error.message}`, error.exitCode);
    throw error;
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new CommandError(`cannot be read: ${messageOf(error)}`);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CommandError(`not JSON: ${messageOf(error)}`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function rawFramesOf(value: unknown): RawFrames {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new CommandError('an object with eeprom and frames expected');
  }
  const { eeprom, frames } = value as Readonly<Record<'eeprom' | 'frames', unknown>>;
  const words = wordsOf('eeprom', eeprom, EEPROM_WORDS);
  if (!Array.isArray(frames)) throw new CommandError(`frames: a list expected, ${kindOf(frames)} found`);
  if (frames.length === 0) throw new CommandError('frames: at least one expected, none found');
  return { eeprom: words, frames: frames.map((frame, index) => frameOf(`frames[${index}]`, frame)) };
}

function frameOf(field: string, value: unknown): Uint16Array {
  const words = wordsOf(field, value, SUBPAGE_WORDS);
  const subpage = words[WORD.subpage] ?? 0;
  if (subpage <= 1) return words;
  throw new CommandError(`${field}[${WORD.subpage}]: subpage 0 or 1 expected, ${subpage} found`);
}

function wordsOf(field: string, value: unknown, length: number): Uint16Array {
  if (!Array.isArray(value)) throw new CommandError(`${field}: a list expected, ${kindOf(value)} found`);
  if (value.length !== length) {
    throw new CommandError(`${field}: ${length} words expected, ${value.length} found`);
  }
  const wrong = value.findIndex((word) => !Number.isInteger(word) || word < 0 || word > 0xffff);
  if (wrong < 0) return Uint16Array.from(value);
  throw new CommandError(
    `${field}[${wrong}]: a whole number from 0 to 65535 expected, ${JSON.stringify(value[wrong])} found`,
  );
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  return value === null ? 'null' : typeof value;
}
