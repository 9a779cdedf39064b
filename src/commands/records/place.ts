import { stat } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { loadConfig } from '../../config/load.ts';
import type { Config } from '../../config/schema.ts';
import type { Language } from '../../records/words.ts';
import { CommandError } from '../command-error.ts';

export type PlaceFlags = Readonly<{ config?: string; records?: string; lang: Language }>;

/** The folder of the records and the configuration of its gate. */
export type RecordsPlace = Readonly<{ config: Config; directory: string }>;

/** Adds the options that say where the records are, and in what language they are shown. */
export function withPlace(command: Command): Command {
  return command
    .option('--config <file>', 'configuration of the gate (default: the built-in defaults)')
    .option('--records <folder>', 'folder of the records (default: records.directory)')
    .addOption(
      new Option('--lang <language>', 'language for people').choices(['ko', 'en']).default(languageOfUser()),
    );
}

/** @throws CommandError where there is no such folder */
export async function recordsPlace({ config: file, records }: PlaceFlags): Promise<RecordsPlace> {
  const config = await loadConfig(file ?? null);
  const directory = records ?? config.records.directory;
  const found = await stat(directory).catch(() => null);
  if (found === null || !found.isDirectory()) {
    throw new CommandError(
      `${directory}: there is no such folder of records; say where it is with --records or --config`,
    );
  }
  return { config, directory };
}

function languageOfUser(): Language {
  const { LC_ALL, LC_MESSAGES, LANG } = process.env;
  return (LC_ALL || LC_MESSAGES || LANG || '').startsWith('ko') ? 'ko' : 'en';
}
