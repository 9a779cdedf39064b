import { RecordingError } from '../io/recording/format.ts';
import { CommandError } from './command-error.ts';

/** A recording that cannot be written or read is the user's to mend: told in one line. */
export function asCommandError(error: unknown): never {
  if (error instanceof RecordingError) throw new CommandError(error.message);
  throw error;
}
