import type { Random } from '../random.ts';

/** How a drawn visitor looks; colours as #rrggbb. */
export type Look = Readonly<{
  hairLength: 'short' | 'long';

  skin: string;
  hair: string;
  cloth: string;
  maskColour: string;
  glasses: boolean;
}>;

const SKINS = ['#f3d3bd', '#eac0a2', '#dba884', '#c68e66', '#a8714b', '#8a5a3c', '#6b442e'];
const HAIRS = ['#1c1714', '#2e211a', '#4a3222', '#6e4a2c', '#9a7341', '#8c8a88'];
const CLOTHS = ['#3c4c63', '#5d6b5a', '#7a4038', '#4a4550', '#8d8577', '#2f5d62'];
const MASKS = ['#8fc1d9', '#eceff1', '#a9d4c3', '#7fb0d6', '#3b3f46'];
/** The dark mask is the rarest. */
const LONG_HAIR_SHARE = 0.45;
const DARK_MASK_SHARE = 0.1;

/** A look of a random stranger, without glasses. */
export function randomLook(random: Random): Look {
  const skin = pick(SKINS, random);
  const hair = pick(HAIRS, random);
  const cloth = pick(CLOTHS, random);
  const maskColour =
    random.uniform() < DARK_MASK_SHARE ? (MASKS.at(-1) ?? '') : pick(MASKS.slice(0, -1), random);
  const hairLength = random.uniform() < LONG_HAIR_SHARE ? 'long' : 'short';
  return { hairLength, skin, hair, cloth, maskColour, glasses: false };
}

function pick(values: readonly string[], random: Random): string {
  return values[Math.floor(random.uniform() * values.length)] ?? '#888888';
}

/** The colour `amount` of the way to white (positive) or black (negative), -1..1. */
export function shade(colour: string, amount: number): string {
  const target = amount > 0 ? 255 : 0;
  const channels = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16);
    return Math.round(value + (target - value) * Math.abs(amount));
  });
  return `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}
