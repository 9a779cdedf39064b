import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { EEPROM_WORDS } from './eeprom-layout.ts';

const dumpSchema = z.object({ eeprom: z.array(z.int().min(0).max(0xffff)).length(EEPROM_WORDS) });

/**
 * Reads a real sensor's EEPROM dump, JSON `{"eeprom": [832 words]}`; other fields are ignored.
 * @throws Error naming the file and what is wrong with it
 */
export async function readEepromFile(file: string): Promise<Uint16Array> {
  const text = await readFile(file, 'utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(`${file}: is not JSON`);
  }
  const dump = dumpSchema.safeParse(value);
  if (!dump.success) throw new Error(`${file}: ${z.prettifyError(dump.error)}`);
  return Uint16Array.from(dump.data.eeprom);
}
