/** What the writer tells of its doing, a JSON line each. */
export type Told =
  | Readonly<{
      kind: 'opened';
      kept: readonly number[];
      checked: readonly number[];
      photos: readonly number[];
      unreadable: readonly number[];
      /** Visits whose alerts wait. */
      waiting: readonly number[];
      /** Those of them that say something else than was raised. */
      garbled: readonly number[];
      /** The last alert's sequence; 0: there was none. */
      lastAlert: number;
      auditBroken: boolean;
      /** Lines and photos that opening took for damaged. */
      repaired: number;
    }>
  | Readonly<{
      kind: 'storing' | 'stored' | 'erasing' | 'erased' | 'checked' | 'delivering' | 'delivered';
      number: number;
    }>
  /** An alert is on disk with its visit. */
  | Readonly<{ kind: 'waits'; number: number; sequence: number }>;

/** Three visits of four raise an alert. */
export function hasAlert(number: number): boolean {
  return number % 4 !== 0;
}

/** Two visits of three have a photo. */
export function hasPhoto(number: number): boolean {
  return number % 3 !== 0;
}

/** Stands for a sealed photo; another one for each visit, of one block or more. */
export function sealedPhoto(number: number): Buffer {
  return Buffer.alloc(number % 5 === 0 ? 9000 : 3000, `photo ${number} `);
}
