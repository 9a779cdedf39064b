import type { Thermogram } from '../domain/thermogram.ts';
import { surroundingsC } from './presence.ts';

/** The room's temperature as the thermal array sees it, slowly averaged. */
export type Ambient = Readonly<{ temperatureC: number; atMs: number }>;

/** Skin follows the room, not the door that has just opened, ms. */
const TIME_CONSTANT_MS = 600_000;

/** The room after a picture without anybody in it; `before` null: the first. */
export function nextAmbient(before: Ambient | null, thermogram: Thermogram): Ambient | null {
  const seenC = surroundingsC(thermogram);
  if (Number.isNaN(seenC)) return before;
  if (before === null) return { temperatureC: seenC, atMs: thermogram.atMs };
  const elapsedMs = Math.max(0, thermogram.atMs - before.atMs);
  const share = 1 - Math.exp(-elapsedMs / TIME_CONSTANT_MS);
  return {
    temperatureC: before.temperatureC + share * (seenC - before.temperatureC),
    atMs: thermogram.atMs,
  };
}
