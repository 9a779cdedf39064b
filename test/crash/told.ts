/** What the writer tells of its doing, a JSON line each. */
export type Told =
  | Readonly<{
      kind: 'opened';
      kept: readonly number[];
      checked: readonly number[];
      photos: readonly number[];
      unreadable: readonly number[];
      waiting: readonly number[];
      auditBroken: boolean;
    }>
  | Readonly<{
      kind: 'storing' | 'stored' | 'waits' | 'erasing' | 'erased' | 'checked';
      number: number;
    }>;

const PHOTO_BYTES = 3000;

/** Two visits of three have a photo. */
export function hasPhoto(number: number): boolean {
  return number % 3 !== 0;
}

/** Stands for a sealed photo; another one for each visit. */
export function sealedPhoto(number: number): Buffer {
  return Buffer.alloc(PHOTO_BYTES, `photo ${number} `);
}
