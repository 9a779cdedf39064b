import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { SensorImages } from '../../ports/sensor-images.ts';
import {
  type KeptSensors,
  keptSensorsText,
  parseKeptSensors,
  sha256OfImage,
  wordsOfHex,
} from '../../records/kept-sensor.ts';
import { PRIVATE_FOLDER, replaceFile } from './durable-file.ts';
import { asStoreError, errnoOf, StoreError } from './store-error.ts';

const FILE = 'sensors.json';

/**
 * The images kept in a folder of records.
 * @throws StoreError `malformed` when the file is not what was written: it is left as it is
 */
export async function openSensorImages(directory: string): Promise<SensorImages> {
  const file = path.join(directory, FILE);
  const images = new Map<string, Uint16Array>();
  try {
    for (const { id, sha256, eeprom } of (await readKept(file)).sensors) {
      if (sha256OfImage(eeprom) !== sha256)
        throw malformed(file, `the image of sensor ${id} is not what was kept`);
      images.set(id, wordsOfHex(eeprom));
    }
  } catch (error) {
    throw asStoreError(error, `reading ${file}`);
  }
  return {
    all: () => images,
    async accept(id, eeprom) {
      const next = new Map(images).set(id, eeprom.slice());
      try {
        await mkdir(directory, { recursive: true, mode: PRIVATE_FOLDER });
        await replaceFile(file, keptSensorsText(next));
      } catch (error) {
        throw asStoreError(error, `writing ${file}`);
      }
      images.set(id, eeprom.slice());
    },
  };
}

async function readKept(file: string): Promise<KeptSensors> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return { version: 1, sensors: [] };
  const kept = parseKeptSensors(text);
  if (kept === null) throw malformed(file, 'is not a file of sensor images');
  return kept;
}

function malformed(file: string, what: string): StoreError {
  return new StoreError(
    'malformed',
    `${file}: ${what}; if the sensor is in order, remove the file and commission it anew: fevergate sensor accept`,
  );
}
