import type { Command } from 'commander';
import { vi } from 'vitest';
import { CommandError } from '../../src/commands/command-error.ts';
import { StoreError } from '../../src/io/store/store-error.ts';
import type { Ended } from './command.ts';

/** Runs a subcommand in this process, which spares starting one: what it printed, and the code it would end with. */
export async function inProcess(command: Command, args: readonly string[]): Promise<Ended> {
  const printed = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      printed[name] += typeof text === 'string' ? text : Buffer.from(text).toString('latin1');
      return true;
    }),
  );
  try {
    await command.parseAsync(args, { from: 'user' });
    return { code: 0, ...printed };
  } catch (error) {
    if (!(error instanceof CommandError || error instanceof StoreError)) throw error;
    return { code: 1, stdout: printed.stdout, stderr: `${printed.stderr}${error.message}` };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
