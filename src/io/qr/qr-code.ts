import { encode } from 'uqr';

/** A QR code as a path in SVG's notation, one unit a module, without its quiet zone of 4 modules. */
export type QrCode = Readonly<{ path: string; modules: number }>;

/**
 * A text as a QR code that stands a smear (error correction M).
 * @throws RangeError when the text is too long for any code (about 2,300 bytes)
 */
export function qrCode(text: string): QrCode {
  const { data, size } = encode(text, { ecc: 'M', border: 0 });
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return { path, modules: size };
}
