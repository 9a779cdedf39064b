import type { Command } from 'commander';
import { vi } from 'vitest';
import { CommandError } from '../../src/commands/command-error.ts';
import { StoreError } from '../../src/io/store/store-error.ts';
import type { Ended } from './command.ts';

/** Runs a subcommand in this process, which spares starting one: what it printed, and what it threw. */
export async function attempt(
  command: Command,
  args: readonly string[],
): Promise<Readonly<{ stdout: string; stderr: string; error: unknown }>> {
  const printed = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      printed[name] += typeof text === 'string' ? text : Buffer.from(text).toString('latin1');
      return true;
    }),
  );
  const error: unknown = await command
    .exitOverride()
    .parseAsync(args, { from: 'user' })
    .then(
      () => null,
      (reason: unknown) => reason,
    );
  for (const spy of spies) spy.mockRestore();
  return { ...printed, error };
}

/** The same as of a process of its own: the code it would end with. */
export async function inProcess(command: Command, args: readonly string[]): Promise<Ended> {
  const { stdout, stderr, error } = await attempt(command, args);
  if (error === null) return { code: 0, stdout, stderr };
  if (!(error instanceof CommandError || error instanceof StoreError)) throw error;
  return { code: 1, stdout, stderr: `${stderr}${error.message}` };
}
