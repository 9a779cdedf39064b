import { mkdir, open, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { constants, deflateRaw } from 'node:zlib';
import {
  DECISIONS_FILE,
  FRAMES_FILE,
  HEADER_FILE,
  INPUTS_FILE,
  type RecordedDecision,
  type RecordedInput,
  RecordingError,
  type RecordingHeader,
} from './format.ts';

const deflate = promisify(deflateRaw);
const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;

/** Writes a recording, readable by its owner alone: camera frames show faces. */
export interface RecordingWriter {
  /** Says what the gate started from; before its first input. */
  begin(header: RecordingHeader): void;
  /** Takes an input over at once; it is written in order behind the caller's back. */
  write(input: RecordedInput): void;
  /** Waits for all inputs, then writes what the gate decided. */
  close(decisions: readonly RecordedDecision[]): Promise<void>;
}

/**
 * Starts a recording in a new or empty folder.
 * @throws RecordingError `exists` when the folder holds something already
 */
export async function openRecordingWriter(folder: string): Promise<RecordingWriter> {
  await mkdir(folder, { recursive: true, mode: PRIVATE_FOLDER });
  if ((await readdir(folder)).length > 0) {
    throw new RecordingError('exists', `${folder}: is not empty; name a new folder for the recording`);
  }
  const file = (name: string): string => path.join(folder, name);
  const writeJson = (name: string, value: unknown): Promise<void> =>
    writeFile(file(name), `${JSON.stringify(value)}\n`, { mode: PRIVATE_FILE });
  const inputs = await open(file(INPUTS_FILE), 'wx', PRIVATE_FILE);
  const frames = await open(file(FRAMES_FILE), 'wx', PRIVATE_FILE);

  let offset = 0;
  const writeFrame = async (input: Extract<RecordedInput, { kind: 'frame' }>): Promise<object> => {
    const { atMs, width, height, data } = input.frame;
    const packed = await deflate(data, { level: constants.Z_BEST_SPEED });
    data.fill(0);
    await frames.appendFile(packed);
    const line = {
      kind: 'frame',
      atMs,
      width,
      height,
      judgeMasks: input.judgeMasks,
      offset,
      length: packed.length,
    };
    offset += packed.length;
    return line;
  };
  const lineOf = (input: RecordedInput): object | Promise<object> => {
    if (input.kind === 'frame') return writeFrame(input);
    if (input.kind === 'subpage')
      return { kind: 'subpage', atMs: input.raw.atMs, words: [...input.raw.words] };
    return input;
  };

  let tail = Promise.resolve();
  const inTurn = (work: () => Promise<void>): void => {
    tail = tail.then(work);
    // The first failure is reported by close; until then later writes fail with it.
    tail.catch(() => undefined);
  };
  return {
    begin: (header) => inTurn(() => writeJson(HEADER_FILE, header)),
    write(input) {
      const kept = takenOver(input);
      inTurn(async () => inputs.appendFile(`${JSON.stringify(await lineOf(kept))}\n`));
    },
    async close(decisions) {
      try {
        await tail;
        await writeJson(DECISIONS_FILE, decisions);
      } finally {
        await inputs.close();
        await frames.close();
      }
    },
  };
}

/** A frame is its giver's to wipe: it is copied until it is written. */
function takenOver(input: RecordedInput): RecordedInput {
  if (input.kind !== 'frame') return input;
  return { ...input, frame: { ...input.frame, data: input.frame.data.slice() } };
}
