import { CameraError, type CameraErrorCode } from '../../ports/camera.ts';
import { reasonIn } from './last-words.ts';

/** A program that writes the pictures of a camera to its stdout, as raw I420. */
export type CameraProgram = Readonly<{
  executable: string;
  args: readonly string[];
  /** How it is installed. */
  installWith: string;
  /** What it says on stderr when it is not its own fault. The first that fits is told. */
  complaints: readonly Complaint[];
}>;

/** A line of stderr, and what is to be told of it. */
export type Complaint = Readonly<{ says: RegExp; code: CameraErrorCode; message: string }>;

/** Why the program could not be started. */
export function notStarted({ executable, installWith }: CameraProgram, cause: Error): CameraError {
  const missing = 'code' in cause && cause.code === 'ENOENT';
  const message = missing
    ? `${executable} is not installed; install it with: ${installWith}`
    : `${executable} cannot be started: ${cause.message}`;
  return new CameraError('tool-missing', message, { cause });
}

/** Why the program ended by itself. */
export function stopped(
  { executable, complaints }: CameraProgram,
  ending: Readonly<{ exitCode: number | null; signal: string | null }>,
  lastLines: readonly string[],
): CameraError {
  const known = complaints.find(({ says }) => lastLines.some((line) => says.test(line)));
  if (known !== undefined) return new CameraError(known.code, known.message);
  const how = ending.signal === null ? `with code ${ending.exitCode}` : `by ${ending.signal}`;
  const reason = reasonIn(lastLines);
  const message = `${executable} ended ${how}${reason === undefined ? '' : `: ${reason}`}`;
  return new CameraError('camera-stopped', message);
}
