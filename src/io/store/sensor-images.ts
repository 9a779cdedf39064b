import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { SensorImages } from '../../ports/sensor-images.ts';
import { type KeptSensors, parseKeptSensors } from '../../records/kept-sensor.ts';
import { eepromBytes } from '../../thermal/mlx90640/eeprom-identity.ts';
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
      const bytes = Buffer.from(eeprom, 'hex');
      if (sha256Of(bytes) !== sha256)
        throw malformed(file, `the image of sensor ${id} does not match its SHA-256`);
      images.set(id, wordsOf(bytes));
    }
  } catch (error) {
    throw asStoreError(error, `reading ${file}`);
  }
  return {
    all: () => images,
    async accept(id, eeprom) {
      const next = new Map(images).set(id, eeprom.slice());
      const sensors = [...next].map(([sensor, image]) => {
        const bytes = eepromBytes(image);
        return { id: sensor, sha256: sha256Of(bytes), eeprom: Buffer.from(bytes).toString('hex') };
      });
      const kept: KeptSensors = { version: 1, sensors };
      try {
        await mkdir(directory, { recursive: true, mode: PRIVATE_FOLDER });
        await replaceFile(file, `${JSON.stringify(kept)}\n`);
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

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function wordsOf(bytes: Buffer): Uint16Array {
  return Uint16Array.from({ length: bytes.length / 2 }, (_, index) => bytes.readUInt16BE(2 * index));
}
