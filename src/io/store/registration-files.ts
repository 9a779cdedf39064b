import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  type KeptRegistration,
  type KeptUpkeep,
  parseKeptRegistration,
  parseKeptUpkeep,
} from '../../records/kept-registration.ts';
import { PRIVATE_FOLDER, removeFile, replaceFile } from './durable-file.ts';
import { asStoreError, errnoOf } from './store-error.ts';

/** What a folder of records keeps in one file; `damaged` when there is one that is not what was written. */
export type KeptFile<T> =
  | Readonly<{ kind: 'none' }>
  | Readonly<{ kind: 'kept'; value: T }>
  | Readonly<{ kind: 'damaged'; file: string }>;

/** The registration files of a folder of records. Every call may throw StoreError; damage is no error but told. */
export interface RegistrationFiles {
  readCalibration(): Promise<KeptFile<KeptRegistration>>;
  /** Durable; starts the upkeep afresh. */
  keepCalibration(calibration: KeptRegistration): Promise<void>;
  readUpkeep(): Promise<KeptFile<KeptUpkeep>>;
  keepUpkeep(upkeep: KeptUpkeep): Promise<void>;
  /** Removes both. */
  forget(): Promise<void>;
}

const CALIBRATION = 'registration.json';
const UPKEEP = 'registration-upkeep.json';

export function registrationFiles(directory: string): RegistrationFiles {
  const calibration = path.join(directory, CALIBRATION);
  const upkeep = path.join(directory, UPKEEP);
  return {
    readCalibration: () => read(calibration, parseKeptRegistration),
    async keepCalibration(kept) {
      await write(directory, calibration, kept);
      await remove(upkeep);
    },
    readUpkeep: () => read(upkeep, parseKeptUpkeep),
    keepUpkeep: (kept) => write(directory, upkeep, kept),
    async forget() {
      await remove(calibration);
      await remove(upkeep);
    },
  };
}

async function read<T>(file: string, parse: (text: string) => T | null): Promise<KeptFile<T>> {
  try {
    const value = parse(await readFile(file, 'utf8'));
    return value === null ? { kind: 'damaged', file } : { kind: 'kept', value };
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return { kind: 'none' };
    throw asStoreError(error, `reading ${file}`);
  }
}

async function write(directory: string, file: string, value: object): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: PRIVATE_FOLDER });
    await replaceFile(file, `${JSON.stringify(value, null, 2)}\n`);
  } catch (error) {
    throw asStoreError(error, `writing ${file}`);
  }
}

async function remove(file: string): Promise<void> {
  try {
    await removeFile(file);
  } catch (error) {
    throw asStoreError(error, `removing ${file}`);
  }
}
