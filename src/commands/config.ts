import { Command } from 'commander';
import { ConfigError } from '../config/config-error.ts';
import { documentedDefaults, settingsTables } from '../config/describe.ts';
import { configJsonSchema } from '../config/fields.ts';
import { loadConfig } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { showConfig } from '../config/show.ts';
import { CommandError } from './command-error.ts';

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
  return command;
}

async function load(file: string | null): Promise<Config> {
  return loadConfig(file).catch((error: unknown) => {
    if (error instanceof ConfigError) throw new CommandError(error.message);
    throw error;
  });
}
