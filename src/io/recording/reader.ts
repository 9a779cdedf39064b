import { type FileHandle, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import { z } from 'zod';
import {
  DECISIONS_FILE,
  decisionSchema,
  FRAMES_FILE,
  HEADER_FILE,
  headerSchema,
  INPUTS_FILE,
  inputLineSchema,
  type RecordedDecision,
  type RecordedInput,
  RecordingError,
  type RecordingHeader,
} from './format.ts';

const inflate = promisify(inflateRaw);

/** A recording opened for replay. */
export type Recording = Readonly<{
  header: RecordingHeader;
  decisions: readonly RecordedDecision[];
  /** The inputs in order, read as they are asked for. */
  inputs: () => AsyncGenerator<RecordedInput>;
}>;

/**
 * Opens the recording in a folder.
 * @throws RecordingError `unreadable` or `malformed`, naming the file and what is wrong with it
 */
export async function openRecording(folder: string): Promise<Recording> {
  const header = parse(headerSchema, await readText(folder, HEADER_FILE), path.join(folder, HEADER_FILE));
  const decisions = parse(
    z.array(decisionSchema),
    await readText(folder, DECISIONS_FILE),
    path.join(folder, DECISIONS_FILE),
  );
  return { header, decisions, inputs: () => readInputs(folder) };
}

async function* readInputs(folder: string): AsyncGenerator<RecordedInput> {
  const frames = await open(path.join(folder, FRAMES_FILE)).catch(rethrow(FRAMES_FILE));
  try {
    const inputs = await open(path.join(folder, INPUTS_FILE)).catch(rethrow(INPUTS_FILE));
    let number = 0;
    for await (const line of inputs.readLines()) {
      number++;
      yield await inputOf(line, `${path.join(folder, INPUTS_FILE)}, line ${number}`, frames);
    }
  } finally {
    await frames.close();
  }
}

async function inputOf(text: string, where: string, frames: FileHandle): Promise<RecordedInput> {
  const line = parse(inputLineSchema, text, where);
  switch (line.kind) {
    case 'subpage':
      return { kind: 'subpage', raw: { words: Uint16Array.from(line.words), atMs: line.atMs } };
    case 'frame': {
      const { atMs, width, height, judgeMasks, offset, length } = line;
      const { buffer, bytesRead } = await frames.read({ buffer: Buffer.alloc(length), position: offset });
      if (bytesRead < length) throw new RecordingError('malformed', `${where}: its frame is cut off`);
      const data = new Uint8Array(await inflate(buffer));
      return { kind: 'frame', judgeMasks, frame: { atMs, width, height, data } };
    }
    case 'fault':
    case 'checks':
    case 'power-on':
    case 'tick':
      return line;
  }
}

function readText(folder: string, name: string): Promise<string> {
  return readFile(path.join(folder, name), 'utf8').catch(rethrow(path.join(folder, name)));
}

function rethrow(what: string): (error: unknown) => never {
  return (error) => {
    throw new RecordingError(
      'unreadable',
      `${what}: ${error instanceof Error ? error.message : String(error)}`,
    );
  };
}

function parse<T>(schema: z.ZodType<T>, text: string, where: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RecordingError('malformed', `${where}: is not JSON`);
  }
  const result = schema.safeParse(value);
  if (!result.success) throw new RecordingError('malformed', `${where}: ${z.prettifyError(result.error)}`);
  return result.data;
}
