/** Drawings of 48 by 48 units, as paths in SVG's notation, to be stroked; none needs colour. */
export type Pictogram = Readonly<{ lines: readonly string[]; crossed: boolean }>;

const FACE = 'M24 12c6 0 10 5 10 12s-4 13-10 13s-10-6-10-13s4-12 10-12z';
const EYES = 'M20 23h.1M28 23h.1';
const SMILE = 'M20 30c2.5 2 5.5 2 8 0';
const THERMOMETER = 'M21 9a3 3 0 0 1 6 0v18a7 7 0 1 1-6 0z';
const CARD = 'M8 13h32v22h-32z';

export type PictogramName =
  | 'face-found'
  | 'nobody-recognised'
  | 'no-photo'
  | 'sealed-photo'
  | 'thermometer'
  | 'nothing-kept'
  | 'counted'
  | 'kept-for-days'
  | 'not-sent'
  | 'alert-sent';

export const PICTOGRAMS: Readonly<Record<PictogramName, Pictogram>> = {
  'face-found': {
    lines: ['M6 14v-8h8M34 6h8v8M42 34v8h-8M14 42h-8v-8', FACE, EYES, SMILE],
    crossed: false,
  },
  'nobody-recognised': { lines: [CARD, 'M13 19h9v10h-9z', 'M26 20h10M26 25h10M26 30h6'], crossed: true },
  'no-photo': {
    lines: ['M6 15h8l4-5h12l4 5h8v24h-36z', 'M24 19a8 8 0 1 0 .1 0z'],
    crossed: true,
  },
  'sealed-photo': {
    lines: [
      'M6 6h26v26h-26z',
      'M19 11a5 5 0 1 0 .1 0z',
      'M10 32c1-7 4-9 9-9',
      'M24 30h18v13h-18z',
      'M28 30v-4a5 5 0 0 1 10 0v4',
    ],
    crossed: false,
  },
  thermometer: { lines: [THERMOMETER, 'M24 17v14', 'M32 10h6M32 16h4M32 22h6'], crossed: false },
  'nothing-kept': { lines: ['M9 9h30v30h-30z', 'M15 17h18M15 24h18M15 31h10'], crossed: true },
  counted: { lines: ['M12 10v28M19 10v28M26 10v28M33 10v28M7 32l32-16'], crossed: false },
  'kept-for-days': {
    lines: ['M8 11h32v29h-32z', 'M8 19h32M16 7v8M32 7v8', 'M24 23v7l5 3'],
    crossed: false,
  },
  'not-sent': {
    lines: ['M24 38h.1', 'M17 31a10 10 0 0 1 14 0', 'M11 25a18 18 0 0 1 26 0', 'M6 18a26 26 0 0 1 36 0'],
    crossed: true,
  },
  'alert-sent': {
    lines: ['M24 38h.1', 'M17 31a10 10 0 0 1 14 0', 'M11 25a18 18 0 0 1 26 0', 'M6 18a26 26 0 0 1 36 0'],
    crossed: false,
  },
};

/** Drawn over a crossed pictogram. */
export const CROSS = 'M6 42L42 6';
