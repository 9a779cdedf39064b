import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { ConfigError } from '../config/config-error.ts';
import { documentedDefaults, settingsTables } from '../config/describe.ts';
import { configJsonSchema } from '../config/fields.ts';
import { loadConfig } from '../config/load.ts';
import { readLoginKeys } from '../config/login-keys.ts';
import type { Config } from '../config/schema.ts';
import { showConfig } from '../config/show.ts';
import { CommandError } from './command-error.ts';

/** So that a script can tell it from other refusals. */
const EXIT_PRIVATE_KEY = 3;

/** `fevergate config`: checks, shows and describes the configuration. */
export function configCommand(): Command {
  const command = new Command('config').description('check, show or describe the configuration');
  command
    .command('check')
    .description('check a configuration file, field by field')
    .argument('<file>', 'YAML file, e.g. config/fevergate.yaml')
    .action(async (file: string) => {
      await load(file);
      process.stdout.write(`${file}: ok\n`);
    });
  command
    .command('schema')
    .description('print the JSON Schema of the configuration')
    .action(() => {
      process.stdout.write(`${JSON.stringify(configJsonSchema(), null, 2)}\n`);
    });
  command
    .command('docs')
    .description('print every field with its default and what is allowed, as Markdown')
    .option('--yaml', 'as a configuration file with comments instead')
    .action(({ yaml }: { yaml?: true }) => {
      process.stdout.write(yaml ? documentedDefaults() : settingsTables());
    });
  command
    .command('show')
    .description('print the configuration in force, defaults filled in, without secrets')
    .argument('[file]', 'YAML file; without it, the defaults')
    .action(async (file: string | undefined) => {
      process.stdout.write(showConfig(await load(file ?? null), process.env));
    });
  command
    .command('login-keys')
    .description('check the public keys that are to log in to an image, and print them one a line')
    .argument('<file>', 'lines of .pub files, e.g. ssh-keys.txt; with none nobody may log in')
    .addHelpText(
      'after',
      '\nEnds with 3 where a private key is in the file, with 1 where it is refused otherwise.',
    )
    .action(printLoginKeys);
  return command;
}

async function printLoginKeys(file: string): Promise<void> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new CommandError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  });
  const read = readLoginKeys(bytes);
  if (read.kind === 'private-key') {
    throw new CommandError(
      `${file}: a PRIVATE key is in it. Whoever saw this file may have it: make a new pair (ssh-keygen -t ed25519) and lay only the .pub file's line`,
      EXIT_PRIVATE_KEY,
    );
  }
  if (read.kind === 'refused') {
    throw new CommandError(read.problems.map((problem) => `${file}: ${problem}`).join('\nfevergate: '));
  }
  process.stdout.write(read.keys.map(({ line }) => `${line}\n`).join(''));
  const told = read.keys.map((key) => `  ${key.type}, ${key.bits} bits, ${key.fingerprint} ${key.comment}\n`);
  process.stderr.write(
    `${file}: ${told.length === 0 ? 'nobody may log in' : 'may log in:'}\n${told.join('')}`,
  );
}

async function load(file: string | null): Promise<Config> {
  return loadConfig(file).catch((error: unknown) => {
    if (error instanceof ConfigError) throw new CommandError(error.message);
    throw error;
  });
}
