import { FIGURE } from './figure.ts';
import { type Look, shade } from './looks.ts';
import type { MaskWear } from './scenario.ts';

/** Millimetres, for SVG. */
const mm = (metres: number): number => Math.round(metres * 1e4) / 10;
const EYE_Y = mm(FIGURE.eyeY);
const EYE_X = mm(FIGURE.eyeX);

/** The outline of the face: broad at the temples, narrower to the chin. */
const FACE_OUTLINE =
  'M-69 -35 C-69 -100 -40 -128 0 -128 C40 -128 69 -100 69 -35 C69 10 62 42 48 66 C36 85 20 95 0 95 C-20 95 -36 85 -48 66 C-62 42 -69 10 -69 -35 Z';

/** A standing person from the front, as SVG in millimetres. */
export function drawPerson(look: Look, mask: MaskWear): string {
  return [
    gradients(look),
    shoulders(look),
    hairBehind(look),
    neck(look),
    ears(look),
    `<path d="${FACE_OUTLINE}" fill="url(#skin)"/><path d="${FACE_OUTLINE}" fill="url(#side)"/>`,
    shadows(look),
    brows(look),
    eye(look, -1),
    eye(look, 1),
    nose(look),
    mouthOrMask(look, mask),
    hairAbove(look),
    look.glasses ? glasses() : '',
  ].join('');
}

/** The same person from behind. */
export function drawBackOfHead(look: Look): string {
  const dark = shade(look.hair, -0.3);
  const strands = Array.from({ length: 15 }, (_, index) => {
    const x = -63 + index * 9;
    return `<path d="M${x * 0.25} -126 C${x * 0.9} -110 ${x * 1.08} -50 ${x * 0.86} 58" fill="none" stroke="${index % 2 === 0 ? dark : shade(look.hair, 0.14)}" stroke-width="2.4" opacity="0.35"/>`;
  }).join('');
  return [
    gradients(look),
    shoulders(look),
    neck(look),
    ears(look),
    `<path d="M-71 -40 C-74 -112 -40 -138 0 -138 C40 -138 74 -112 71 -40 C70 10 62 48 50 70 C30 82 -30 82 -50 70 C-62 48 -70 10 -71 -40 Z" fill="url(#hair)"/>`,
    strands,
  ].join('');
}

/** The same person turned away past the profile, to the camera's left: an ear, a cheek, no eye. */
export function drawProfile(look: Look): string {
  const { skin } = look;
  return [
    gradients(look),
    shoulders(look),
    `<path d="M-24 60 C-26 90 -32 108 -46 114 C-20 136 40 134 62 112 C56 90 52 70 50 40 Z" fill="${shade(skin, -0.24)}"/>`,
    `<path d="M-52 -80 C-58 -60 -60 -48 -57 -36 C-62 -30 -61 -22 -58 -14 C-61 0 -66 8 -66 18 C-64 24 -60 24 -58 30 C-60 44 -60 60 -54 72 C-48 86 -40 92 -28 90 C-4 84 10 66 20 44 L50 -20 L40 -100 Z" fill="url(#skin)"/>`,
    `<path d="M-57 -64 C-66 -112 -30 -138 10 -138 C60 -138 86 -100 84 -50 C82 0 70 40 56 72 C44 80 30 78 26 70 C24 44 22 30 14 24 L-6 22 C-18 6 -18 -26 -30 -40 C-40 -50 -50 -54 -57 -64 Z" fill="url(#hair)"/>`,
    `<ellipse cx="4" cy="-2" rx="13" ry="25" fill="${skin}" stroke="${shade(skin, -0.3)}" stroke-width="2"/>
<path d="M10 -16 C2 -26 -6 -12 0 -2 C4 6 2 12 -2 14" fill="none" stroke="${shade(skin, -0.4)}" stroke-width="2.4" opacity="0.7"/>`,
  ].join('');
}

function gradients({ skin, hair, cloth, maskColour }: Look): string {
  return `<defs>
<radialGradient id="skin" gradientUnits="userSpaceOnUse" cx="-8" cy="-40" r="140"><stop offset="0" stop-color="${shade(skin, 0.14)}"/><stop offset="0.5" stop-color="${skin}"/><stop offset="1" stop-color="${shade(skin, -0.3)}"/></radialGradient>
<linearGradient id="side" x1="0" x2="1" y1="0" y2="0"><stop offset="0" stop-color="#20100a" stop-opacity="0.3"/><stop offset="0.2" stop-color="#20100a" stop-opacity="0"/><stop offset="0.75" stop-color="#20100a" stop-opacity="0"/><stop offset="1" stop-color="#20100a" stop-opacity="0.36"/></linearGradient>
<linearGradient id="hair" x1="0" x2="0.4" y1="0" y2="1"><stop offset="0" stop-color="${shade(hair, 0.18)}"/><stop offset="0.45" stop-color="${hair}"/><stop offset="1" stop-color="${shade(hair, -0.35)}"/></linearGradient>
<linearGradient id="cloth" x1="0" x2="0" y1="0" y2="1"><stop offset="0" stop-color="${shade(cloth, 0.12)}"/><stop offset="1" stop-color="${shade(cloth, -0.3)}"/></linearGradient>
<linearGradient id="mask" x1="0" x2="1" y1="0" y2="0"><stop offset="0" stop-color="${shade(maskColour, -0.3)}"/><stop offset="0.3" stop-color="${maskColour}"/><stop offset="0.55" stop-color="${shade(maskColour, 0.12)}"/><stop offset="1" stop-color="${shade(maskColour, -0.34)}"/></linearGradient>
<filter id="soft" x="-50%" y="-50%" width="200%" height="200%"><feGaussianBlur stdDeviation="4"/></filter>
<filter id="softer" x="-50%" y="-50%" width="200%" height="200%"><feGaussianBlur stdDeviation="8"/></filter>
<filter id="blend" x="-50%" y="-50%" width="200%" height="200%"><feGaussianBlur stdDeviation="2.6"/></filter>
<filter id="fine" x="-50%" y="-50%" width="200%" height="200%"><feGaussianBlur stdDeviation="1.2"/></filter>
<clipPath id="face"><path d="${FACE_OUTLINE}"/></clipPath></defs>`;
}

function hairBehind(look: Look): string {
  if (look.hairLength === 'long') {
    return `<path d="M-76 -30 C-82 -112 -44 -142 0 -142 C44 -142 82 -112 76 -30 C78 20 92 70 88 124 C60 140 -60 140 -88 124 C-92 70 -78 20 -76 -30 Z" fill="${shade(look.hair, -0.3)}"/>`;
  }
  return `<path d="M-74 -30 C-80 -112 -42 -140 0 -140 C42 -140 80 -112 74 -30 C74 -10 70 6 66 14 L-66 14 C-70 6 -74 -10 -74 -30 Z" fill="${shade(look.hair, -0.25)}"/>`;
}

function hairAbove(look: Look): string {
  if (look.hairLength === 'long') return longHairAbove(look);
  const light = shade(look.hair, 0.25);
  return `<path d="M-71 -14 C-80 -112 -44 -141 2 -141 C48 -141 80 -110 71 -14 C67 -34 64 -52 57 -66 C44 -84 20 -92 -8 -90 C-28 -89 -48 -82 -57 -66 C-64 -52 -67 -34 -71 -14 Z" fill="url(#hair)"/>
<g fill="none" stroke="${light}" stroke-width="2" opacity="0.3" filter="url(#fine)"><path d="M-50 -84 C-40 -118 -16 -130 6 -132"/><path d="M-30 -94 C-20 -116 0 -126 20 -128"/><path d="M0 -98 C12 -112 26 -118 40 -116"/><path d="M32 -92 C42 -100 50 -100 58 -92"/></g>`;
}

/** Parted in the middle, falling before the ears to the shoulders. */
function longHairAbove(look: Look): string {
  const light = shade(look.hair, 0.22);
  return [-1, 1]
    .map((side) => {
      const at = (x: number): number => side * x;
      return `<path d="M${at(-2)} -142 C${at(46)} -144 ${at(80)} -112 ${at(77)} -30 C${at(78)} 20 ${at(94)} 70 ${at(90)} 122 C${at(82)} 132 ${at(68)} 134 ${at(60)} 128 C${at(72)} 84 ${at(68)} 30 ${at(66)} -8 C${at(64)} -50 ${at(46)} -88 ${at(-2)} -104 Z" fill="url(#hair)"/>
<g fill="none" stroke="${light}" stroke-width="2" opacity="0.3" filter="url(#fine)"><path d="M${at(6)} -126 C${at(40)} -122 ${at(66)} -92 ${at(70)} -30 C${at(72)} 20 ${at(86)} 70 ${at(82)} 116"/><path d="M${at(8)} -114 C${at(36)} -106 ${at(58)} -84 ${at(70)} -20"/><path d="M${at(72)} 20 C${at(76)} 60 ${at(78)} 90 ${at(72)} 122"/></g>`;
    })
    .join('');
}

function shoulders(look: Look): string {
  const fold = shade(look.cloth, -0.35);
  return `<g transform="translate(0 -18)"><path d="M-56 122 C-90 138 -150 144 -182 166 C-210 186 -218 240 -220 400 L220 400 C218 240 210 186 182 166 C150 144 90 138 56 122 Z" fill="url(#cloth)"/>
<g fill="none" stroke="${fold}" stroke-width="3" opacity="0.5" filter="url(#fine)"><path d="M-140 230 C-146 280 -150 330 -152 400"/><path d="M140 230 C146 280 150 330 152 400"/><path d="M-118 166 C-112 196 -114 220 -124 246"/><path d="M118 166 C112 196 114 220 124 246"/></g></g>`;
}

function neck(look: Look): string {
  const { halfWidth } = FIGURE.neck;
  const w = mm(halfWidth);
  return `<g transform="translate(0 -18)"><path d="M${-w} 50 C${-w} 100 ${-w - 2} 118 ${-w - 10} 126 C-30 158 30 158 ${w + 10} 126 C${w + 2} 118 ${w} 100 ${w} 50 Z" fill="${shade(look.skin, -0.16)}"/>
<path d="M${-w} 72 C-30 132 30 132 ${w} 72 L${w} 102 C26 140 -26 140 ${-w} 102 Z" fill="${shade(look.skin, -0.5)}" opacity="0.5" filter="url(#soft)"/>
<path d="M${-w - 12} 124 C-32 162 32 162 ${w + 12} 124" fill="none" stroke="${shade(look.cloth, 0.2)}" stroke-width="7"/></g>`;
}

function ears(look: Look): string {
  const { x, y, rx, ry } = FIGURE.ear;
  return [-1, 1]
    .map(
      (
        side,
      ) => `<ellipse cx="${side * mm(x)}" cy="${mm(y)}" rx="${mm(rx)}" ry="${mm(ry)}" fill="${shade(look.skin, -0.14)}"/>
<ellipse cx="${side * (mm(x) + 1)}" cy="${mm(y)}" rx="4" ry="16" fill="${shade(look.skin, -0.4)}" opacity="0.5" filter="url(#fine)"/>`,
    )
    .join('');
}

/** What makes a face of a flat shape: sockets, cheeks, the shade under hair, nose and lip. */
function shadows(look: Look): string {
  const dark = shade(look.skin, -0.55);
  const warm = shade(look.skin, -0.25);
  return `<g clip-path="url(#face)">
<path d="M-72 -60 C-50 -96 50 -96 72 -60 L72 -130 L-72 -130 Z" fill="${dark}" opacity="0.4" filter="url(#softer)"/>
<ellipse cx="${-EYE_X}" cy="${EYE_Y - 3}" rx="21" ry="12" fill="${dark}" opacity="0.4" filter="url(#soft)"/>
<ellipse cx="${EYE_X}" cy="${EYE_Y - 3}" rx="21" ry="12" fill="${dark}" opacity="0.4" filter="url(#soft)"/>
<ellipse cx="-40" cy="18" rx="17" ry="13" fill="#d2614c" opacity="0.16" filter="url(#softer)"/>
<ellipse cx="40" cy="18" rx="17" ry="13" fill="#d2614c" opacity="0.16" filter="url(#softer)"/>
<ellipse cx="-36" cy="4" rx="13" ry="7" fill="${shade(look.skin, 0.5)}" opacity="0.35" filter="url(#soft)"/>
<ellipse cx="32" cy="4" rx="11" ry="6" fill="${shade(look.skin, 0.5)}" opacity="0.25" filter="url(#soft)"/>
<ellipse cx="-4" cy="-70" rx="28" ry="12" fill="${shade(look.skin, 0.5)}" opacity="0.3" filter="url(#softer)"/>
<path d="M-70 10 C-56 60 -40 78 -20 92 L-80 110 Z" fill="${warm}" opacity="0.7" filter="url(#softer)"/>
<path d="M70 10 C56 60 40 78 20 92 L80 110 Z" fill="${dark}" opacity="0.45" filter="url(#softer)"/>
<ellipse cx="0" cy="66" rx="16" ry="4" fill="${dark}" opacity="0.4" filter="url(#soft)"/></g>`;
}

function brows(look: Look): string {
  const colour = shade(look.hair, -0.3);
  return [-1, 1]
    .map(
      (side) =>
        `<path d="M${side * 14} -44 C${side * 26} -52 ${side * 40} -53 ${side * 52} -43 C${side * 40} -48 ${side * 26} -46 ${side * 14} -38 Z" fill="${colour}" opacity="0.85" filter="url(#fine)"/>`,
    )
    .join('');
}

function eye(look: Look, side: -1 | 1): string {
  const [inner, outer] = [side * mm(FIGURE.cornerX), side * (2 * EYE_X - mm(FIGURE.cornerX))];
  const x = side * EYE_X;
  const white = `M${inner} ${EYE_Y + 2} C${x - side * 8} ${EYE_Y - 8} ${x + side * 8} ${EYE_Y - 9} ${outer} ${EYE_Y} C${x + side * 8} ${EYE_Y + 7} ${x - side * 6} ${EYE_Y + 7} ${inner} ${EYE_Y + 2} Z`;
  const lid = `M${inner} ${EYE_Y + 2} C${x - side * 8} ${EYE_Y - 8} ${x + side * 8} ${EYE_Y - 9} ${outer + side * 2} ${EYE_Y + 1}`;
  const id = side < 0 ? 'left' : 'right';
  return `<clipPath id="${id}"><path d="${white}"/></clipPath><path d="${white}" fill="#efe9e4"/>
<g clip-path="url(#${id})"><circle cx="${x}" cy="${EYE_Y}" r="6.2" fill="#4b3222"/><circle cx="${x}" cy="${EYE_Y}" r="3" fill="#0d0908"/><circle cx="${x - 2}" cy="${EYE_Y - 2.4}" r="1.4" fill="#ffffff"/>
<path d="${lid}" fill="none" stroke="#1b1210" stroke-width="6" opacity="0.45" filter="url(#fine)"/></g>
<path d="${lid}" fill="none" stroke="#20140f" stroke-width="2.6"/>
<path d="M${inner} ${EYE_Y - 5} C${x - side * 8} ${EYE_Y - 13} ${x + side * 8} ${EYE_Y - 14} ${outer} ${EYE_Y - 6}" fill="none" stroke="${shade(look.skin, -0.5)}" stroke-width="1.4" opacity="0.7"/>
<path d="M${inner + side * 2} ${EYE_Y + 8} C${x} ${EYE_Y + 13} ${x + side * 6} ${EYE_Y + 12} ${outer} ${EYE_Y + 6}" fill="none" stroke="${shade(look.skin, -0.4)}" stroke-width="1.6" opacity="0.45" filter="url(#fine)"/>`;
}

function nose(look: Look): string {
  const dark = shade(look.skin, -0.5);
  return `<path d="M8 -34 C10 -8 12 6 18 18 C18 26 10 28 2 29 C8 10 6 -16 6 -34 Z" fill="${dark}" opacity="0.34" filter="url(#soft)"/>
<path d="M-4 -30 C-6 -8 -7 6 -7 16 C-2 22 5 20 5 14 C4 0 3 -18 2 -30 Z" fill="${shade(look.skin, 0.4)}" opacity="0.5" filter="url(#blend)"/>
<path d="M-17 20 C-19 26 -12 29 -7 26 C-3 30 4 30 8 26 C13 29 19 26 17 20" fill="none" stroke="${dark}" stroke-width="2.4" opacity="0.75"/>
<ellipse cx="-7.5" cy="25.5" rx="4" ry="2" fill="#2b1511" opacity="0.75"/><ellipse cx="7.5" cy="25.5" rx="4" ry="2" fill="#2b1511" opacity="0.75"/>`;
}

function mouthOrMask(look: Look, mask: MaskWear): string {
  switch (mask) {
    case 'worn':
      return wornMask(look);
    case 'under-nose':
      return maskUnderNose(look);
    case 'not-worn':
      return mouth(look);
  }
}

function mouth(look: Look): string {
  const y = mm(FIGURE.mouthY);
  const lip = shade(mixRed(look.skin), -0.1);
  return `<path d="M-26 ${y} C-14 ${y - 7} -5 ${y - 9} 0 ${y - 6} C5 ${y - 9} 14 ${y - 7} 26 ${y} C14 ${y + 2} -14 ${y + 2} -26 ${y} Z" fill="${shade(lip, -0.18)}"/>
<path d="M-26 ${y} C-14 ${y + 11} 14 ${y + 11} 26 ${y} C14 ${y + 2} -14 ${y + 2} -26 ${y} Z" fill="${lip}"/>
<path d="M-27 ${y} C-14 ${y + 2.5} 14 ${y + 2.5} 27 ${y}" fill="none" stroke="#3d1a17" stroke-width="2.2"/>
<ellipse cx="-3" cy="${y + 5}" rx="8" ry="1.6" fill="#ffffff" opacity="0.25" filter="url(#fine)"/>`;
}

/** Lips: the skin's colour drawn towards red. */
function mixRed(skin: string): string {
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(skin.slice(at, at + 2), 16)) as [
    number,
    number,
    number,
  ];
  const hex = (value: number): string => Math.round(value).toString(16).padStart(2, '0');
  return `#${hex(r * 0.6 + 176 * 0.4)}${hex(g * 0.6 + 70 * 0.4)}${hex(b * 0.6 + 76 * 0.4)}`;
}

function wornMask(look: Look): string {
  const [top, bottom] = [mm(FIGURE.mask.top), mm(FIGURE.mask.bottom)];
  const fold = shade(look.maskColour, -0.4);
  const shape = `M-62 16 C-40 12 -22 ${top} 0 ${top} C22 ${top} 40 12 62 16 C63 40 54 66 44 78 C28 96 14 ${bottom} 0 ${bottom} C-14 ${bottom} -28 96 -44 78 C-54 66 -63 40 -62 16 Z`;
  const folds = [34, 50, 66]
    .map(
      (y) =>
        `<path d="M${-64 + y / 6} ${y - 4} C-30 ${y + 6} 30 ${y + 6} ${64 - y / 6} ${y - 4}" fill="none" stroke="${fold}" stroke-width="2.2" opacity="0.6" filter="url(#fine)"/>`,
    )
    .join('');
  const loops = [-1, 1]
    .map(
      (
        side,
      ) => `<path d="M${side * 61} 17 C${side * 66} 4 ${side * 70} -14 ${side * 71} -26" fill="none" stroke="#f2f2f0" stroke-width="2.4"/>
<path d="M${side * 48} 72 C${side * 60} 54 ${side * 68} 32 ${side * 71} 16" fill="none" stroke="#e6e6e4" stroke-width="2.4"/>`,
    )
    .join('');
  return `<path d="${shape}" fill="#1a0f0b" opacity="0.35" filter="url(#soft)"/>${loops}<path d="${shape}" fill="url(#mask)"/>
<path d="M0 ${top + 6} C8 20 9 26 6 34 C0 38 -6 36 -7 32 C-8 22 -4 14 0 ${top + 6} Z" fill="#ffffff" opacity="0.2" filter="url(#soft)"/>
<path d="M6 ${top + 6} C18 30 22 40 10 42 Z" fill="${fold}" opacity="0.5" filter="url(#soft)"/>${folds}
<path d="M-60 19 C-40 15 -22 ${top + 4} 0 ${top + 4} C22 ${top + 4} 40 15 60 19" fill="none" stroke="${shade(look.maskColour, 0.4)}" stroke-width="2" opacity="0.8"/>
<path d="M-36 86 C-20 ${bottom - 3} 20 ${bottom - 3} 36 86" fill="none" stroke="${fold}" stroke-width="2" opacity="0.5"/>`;
}

/** The same mask pulled down: nose and nostrils bare. */
function maskUnderNose(look: Look): string {
  const { top, bottom } = FIGURE.mask;
  const scale = (bottom - FIGURE.mask.underNoseTop) / (bottom - top);
  return `<g transform="translate(0 ${mm(bottom) * (1 - scale)}) scale(1 ${scale})">${wornMask(look)}</g>`;
}

function glasses(): string {
  const frame = 'fill="#dfe8ee" fill-opacity="0.1" stroke="#1e1e22" stroke-width="2.8"';
  const [y, w, h] = [EYE_Y - 12, 43, 30];
  return `<rect x="${-EYE_X - w / 2}" y="${y}" width="${w}" height="${h}" rx="12" ${frame}/><rect x="${EYE_X - w / 2}" y="${y}" width="${w}" height="${h}" rx="12" ${frame}/>
<path d="M-10 ${EYE_Y - 2} C-5 ${EYE_Y - 6} 5 ${EYE_Y - 6} 10 ${EYE_Y - 2}" fill="none" stroke="#1e1e22" stroke-width="2.8"/>
<path d="M-53 ${EYE_Y - 3} L-70 ${EYE_Y - 6}M53 ${EYE_Y - 3} L70 ${EYE_Y - 6}" stroke="#1e1e22" stroke-width="2.6"/>`;
}
