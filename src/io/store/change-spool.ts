import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type ChangeAnswer,
  type ChangeRequest,
  changeAnswerSchema,
  changeRequestSchema,
} from '../../records/change-request.ts';
import { PRIVATE_FOLDER, removeFile, replaceFile } from './durable-file.ts';
import { asStoreError, errnoOf, StoreError, type StoreErrorCode } from './store-error.ts';

/** Folder in which a running gate is asked to change its records: one file a request, one an answer. */
const SPOOL = 'requests';
const REQUEST = '.request.json';
const ANSWER = '.answer.json';

/** A running gate looks every second. */
const ANSWER_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 50;
/** Nobody waits for its answer any more. */
const STALE_MS = 2 * ANSWER_WITHIN_MS;

/**
 * Has the gate that runs with these records change them.
 * @throws StoreError what kept the gate from doing it, or `no-answer`
 */
export async function askRunningGate(directory: string, request: ChangeRequest): Promise<ChangeAnswer> {
  const spool = path.join(directory, SPOOL);
  const id = randomUUID();
  const [asked, answered] = [path.join(spool, id + REQUEST), path.join(spool, id + ANSWER)];
  try {
    await mkdir(spool, { recursive: true, mode: PRIVATE_FOLDER });
    await replaceFile(asked, JSON.stringify(request));
    const answer = await waitFor(answered);
    if (answer.kind !== 'failed') return answer;
    throw new StoreError(storeErrorCode(answer.code), answer.message);
  } catch (error) {
    throw asStoreError(error, `asking the running gate in ${spool}`);
  } finally {
    await removeFile(asked);
    await removeFile(answered);
  }
}

async function waitFor(file: string): Promise<ChangeAnswer> {
  for (let waitedMs = 0; waitedMs < ANSWER_WITHIN_MS; waitedMs += LOOK_EVERY_MS) {
    await sleep(LOOK_EVERY_MS);
    const text = await textOf(file);
    if (text === null) continue;
    const answer = changeAnswerSchema.safeParse(jsonOf(text));
    if (answer.success) return answer.data;
    throw new StoreError('malformed', `${file}: is no answer of a gate`);
  }
  throw new StoreError(
    'no-answer',
    `the running gate has not answered within ${ANSWER_WITHIN_MS / 1000} s; ask again, or stop the gate first`,
  );
}

/**
 * Answers every request that waits in a folder of records. What is no request, or so old that nobody waits any more, is
 * deleted and refused. Rejects with the file system's error.
 * @param act carries one out
 */
export async function answerRequests(
  directory: string,
  act: (request: ChangeRequest) => Promise<ChangeAnswer>,
): Promise<void> {
  const spool = path.join(directory, SPOOL);
  const names = await readdir(spool).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  });
  for (const name of names.sort()) {
    const file = path.join(spool, name);
    const stale = await isStale(file);
    if (!name.endsWith(REQUEST)) {
      if (stale) await removeFile(file);
      continue;
    }
    const text = await textOf(file);
    // Before it is carried out, so that no restart carries it out again.
    await removeFile(file);
    if (text === null || stale) continue;
    const answer = await answerTo(text, act);
    await replaceFile(path.join(spool, name.slice(0, -REQUEST.length) + ANSWER), JSON.stringify(answer));
  }
}

async function answerTo(
  text: string,
  act: (request: ChangeRequest) => Promise<ChangeAnswer>,
): Promise<ChangeAnswer> {
  const request = changeRequestSchema.safeParse(jsonOf(text));
  if (!request.success) return refused('malformed', 'is no request that this version of the gate knows');
  try {
    return await act(request.data);
  } catch (error) {
    const { code, message } = asStoreError(error, 'changing records');
    return refused(code, message);
  }
}

function refused(code: StoreErrorCode, message: string): ChangeAnswer {
  return { kind: 'failed', code, message };
}

const CODES: readonly string[] = [
  'full',
  'read-only',
  'locked',
  'closed',
  'malformed',
  'not-found',
  'no-answer',
];

function storeErrorCode(code: string): StoreErrorCode {
  return CODES.includes(code) ? (code as StoreErrorCode) : 'io';
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function textOf(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  });
}

/** By the file's own time: a clock that was set meanwhile makes a request stale, and it is asked again. */
async function isStale(file: string): Promise<boolean> {
  const about = await stat(file).catch(() => null);
  return about === null || Math.abs(Date.now() - about.mtimeMs) > STALE_MS;
}
