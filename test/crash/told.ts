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
      /** Lines and photos that opening took for damaged. */
      repaired: number;
    }>
  | Readonly<{
      kind: 'storing' | 'stored' | 'waits' | 'erasing' | 'erased' | 'checked';
      number: number;
    }>;

/** Two visits of three have a photo. */
export function hasPhoto(number: number): boolean {
  return number % 3 !== 0;
}

/** Stands for a sealed photo; another one for each visit, of one block or more. */
export function sealedPhoto(number: number): Buffer {
  return Buffer.alloc(number % 5 === 0 ? 9000 : 3000, `photo ${number} `);
}
