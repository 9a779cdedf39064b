import type { Random } from '../../simulation/random.ts';

/** A colour as #rrggbb from its channels, 0..255. */
export function hex(channels: readonly number[]): string {
  const bytes = channels.map((value) => Math.round(Math.min(255, Math.max(0, value))));
  return `#${bytes.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

export function anyColour(random: Random): string {
  return hex([random.uniform(), random.uniform(), random.uniform()].map((part) => 30 + 210 * part));
}
