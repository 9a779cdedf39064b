import { createHash } from 'node:crypto';
import { z } from 'zod';

const WORDS = 832;

/** The EEPROM images of the sensors commissioned at a gate, as kept on disk. */
const keptSensorsSchema = z.strictObject({
  version: z.literal(1),
  sensors: z.array(
    z.strictObject({
      /** 48-bit serial number, 12 hex digits. */
      id: z.string().regex(/^[0-9a-f]{12}$/),
      /** SHA-256 of the image as it goes over the bus, hex. */
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      /** The image as it goes over the bus: 832 words, high byte first, hex. */
      eeprom: z.string().regex(new RegExp(`^[0-9a-f]{${4 * WORDS}}$`)),
    }),
  ),
});

export type KeptSensors = z.output<typeof keptSensorsSchema>;

/** Reads the file's text; null when it is not such a file. */
export function parseKeptSensors(text: string): KeptSensors | null {
  try {
    const result = keptSensorsSchema.safeParse(JSON.parse(text));
    return result.success ? result.data : null;
  } catch {
    return null;
  }
}

/** The images as the file's text. */
export function keptSensorsText(images: ReadonlyMap<string, Uint16Array>): string {
  const sensors = [...images].map(([id, image]) => {
    const eeprom = hexOfWords(image);
    return { id, sha256: sha256OfImage(eeprom), eeprom };
  });
  const kept: KeptSensors = { version: 1, sensors };
  return `${JSON.stringify(kept)}\n`;
}

/** The images of the file's text; null when it is no such file, or an image is not what its hash says. */
export function imagesOf(text: string): ReadonlyMap<string, Uint16Array> | null {
  const kept = parseKeptSensors(text);
  if (kept === null || kept.sensors.some(({ eeprom, sha256 }) => sha256OfImage(eeprom) !== sha256))
    return null;
  return new Map(kept.sensors.map(({ id, eeprom }) => [id, wordsOfHex(eeprom)]));
}

/** SHA-256 of an image's bytes as they go over the bus, hex. */
export function sha256OfImage(hex: string): string {
  return createHash('sha256').update(hex, 'hex').digest('hex');
}

/** 16-bit words as hex, high byte first. */
export function hexOfWords(words: Uint16Array): string {
  return Array.from(words, (word) => word.toString(16).padStart(4, '0')).join('');
}

/** The words that {@link hexOfWords} wrote. */
export function wordsOfHex(hex: string): Uint16Array {
  return Uint16Array.from({ length: hex.length / 4 }, (_, index) =>
    Number.parseInt(hex.slice(4 * index, 4 * index + 4), 16),
  );
}
