import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import { defaultConfig } from '../config/load.ts';

/** Where configurations of an installed gate lie; `config/fevergate.yaml` of a source tree only documents the defaults. */
const CONFIGURATIONS = ['/etc/fevergate', 'fevergate.yaml'];
const MODEL = '/proc/device-tree/model';

/**
 * What makes this machine look like a gate, in words; empty: nothing does.
 * @param root where absolute paths begin
 * @param folder the working folder
 */
export async function signsOfAGate(root: string, folder: string): Promise<readonly string[]> {
  const at = (file: string): string =>
    path.isAbsolute(file) ? path.join(root, file) : path.resolve(folder, file);
  const signs: string[] = [];
  const model = await readFile(at(MODEL), 'utf8').catch(() => '');
  if (model.startsWith('Raspberry Pi')) signs.push(`it is a ${model.replaceAll('\0', '').trim()}`);
  const records = defaultConfig().records.directory;
  if (await exists(at(records))) signs.push(`there are records in ${at(records)}`);
  for (const file of CONFIGURATIONS) {
    if (await exists(at(file))) signs.push(`there is a configuration in ${at(file)}`);
  }
  return signs;
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
