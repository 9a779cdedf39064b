/**
 * How much is kept.
 * - 0 nothing
 * - 1 counts only
 * - 2 visits: number, time, class, mask; temperature only of elevated and recheck visits
 * - 3 the same with a sealed photo
 */
export type StorageProfile = 0 | 1 | 2 | 3;
