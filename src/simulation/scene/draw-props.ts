import { drawPerson } from './draw-person.ts';
import { type Look, shade } from './looks.ts';

/** A printed photo of a face, held up by its lower edge, as SVG in millimetres. */
export function drawPhotoCard(look: Look): string {
  const fingers = [-46, -26, 26, 46]
    .map(
      (x) =>
        `<rect x="${x - 9}" y="84" width="18" height="52" rx="9" fill="${look.skin}" stroke="${shade(look.skin, -0.4)}" stroke-width="1.2"/>`,
    )
    .join('');
  return `<clipPath id="card"><rect x="-88" y="-112" width="176" height="212"/></clipPath>
<path d="M-70 120 L-84 400 L84 400 L70 120 Z" fill="${shade(look.cloth, -0.1)}"/>
<rect x="-98" y="-122" width="196" height="232" rx="3" fill="#f4f2ec" stroke="#b9b4a8" stroke-width="1.5"/>
<g clip-path="url(#card)"><rect x="-88" y="-112" width="176" height="212" fill="#a9bccb"/><g transform="translate(0 10) scale(0.86)">${drawPerson(look, 'not-worn')}</g></g>${fingers}`;
}

/** A face on a tablet's display, held up by its lower edge. */
export function drawTablet(look: Look): string {
  const fingers = [-60, 60]
    .map(
      (x) =>
        `<rect x="${x - 10}" y="92" width="20" height="50" rx="10" fill="${look.skin}" stroke="${shade(look.skin, -0.4)}" stroke-width="1.2"/>`,
    )
    .join('');
  return `<defs><clipPath id="display"><rect x="-84" y="-112" width="168" height="216" rx="4"/></clipPath><linearGradient id="shine" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#ffffff" stop-opacity="0.22"/><stop offset="0.4" stop-color="#ffffff" stop-opacity="0"/></linearGradient></defs>
<path d="M-80 120 L-96 400 L96 400 L80 120 Z" fill="${shade(look.cloth, -0.1)}"/>
<rect x="-98" y="-128" width="196" height="248" rx="14" fill="#15161a"/>
<g clip-path="url(#display)"><rect x="-84" y="-112" width="168" height="216" fill="#dfe7ec"/><g transform="translate(0 4) scale(0.9)">${drawPerson(look, 'not-worn')}</g></g>
<rect x="-84" y="-112" width="168" height="216" rx="4" fill="url(#shine)"/>${fingers}`;
}

/** A bare forearm held across the view, the fist beside it. */
export function drawArm(look: Look): string {
  const line = shade(look.skin, -0.35);
  const knuckles = [-44, -30, -16, -2]
    .map(
      (y) =>
        `<rect x="-104" y="${y - 26}" width="44" height="17" rx="8" fill="url(#palm)" stroke="${line}" stroke-width="1.2"/>`,
    )
    .join('');
  return `${palmGradient(look)}<path d="M70 -40 L250 -62 L250 400 L130 400 Z" fill="${look.cloth}"/>
<path d="M-70 -66 C-20 -74 90 -72 140 -64 L150 26 C90 30 -20 14 -66 -4 Z" fill="url(#palm)" stroke="${line}" stroke-width="1.4"/>
<path d="M-96 -70 C-70 -84 -40 -78 -34 -60 L-36 0 C-52 12 -86 10 -96 -8 Z" fill="url(#palm)" stroke="${line}" stroke-width="1.4"/>${knuckles}`;
}

/** An open hand before the camera. */
export function drawHand(look: Look): string {
  const line = shade(look.skin, -0.35);
  const fingers = [
    [-38, -38, -10, 80],
    [-13, -52, -3, 92],
    [13, -48, 4, 88],
    [36, -28, 12, 68],
  ]
    .map(
      ([x = 0, y = 0, turn = 0, length = 0]) =>
        `<rect x="${x - 11.5}" y="${y - 50}" width="23" height="${length + 40}" rx="11.5" transform="rotate(${turn} ${x} ${y + length})" fill="url(#palm)" stroke="${line}" stroke-width="1.4"/>`,
    )
    .join('');
  return `${palmGradient(look)}<path d="M-34 100 L-40 400 L44 400 L36 100 Z" fill="${shade(look.skin, -0.1)}"/>
<path d="M-48 170 L-52 400 L56 400 L50 170 Z" fill="${look.cloth}"/>${fingers}
<path d="M-50 40 C-62 60 -52 100 -36 112 C-12 122 20 122 38 110 C52 94 54 54 48 26 C20 8 -26 8 -50 40 Z" fill="url(#palm)"/>
<path d="M-44 84 C-74 66 -84 40 -88 18 C-88 6 -74 4 -70 16 C-64 36 -52 50 -40 58 Z" fill="url(#palm)" stroke="${line}" stroke-width="1.4"/>
<g fill="none" stroke="${line}" stroke-width="2" opacity="0.6"><path d="M-40 46 C-16 34 16 40 36 30"/><path d="M-42 60 C-14 56 8 66 30 60"/><path d="M-34 52 C-16 68 -14 90 -20 108"/></g>`;
}

/** A mug of something hot, held up by its handle. */
export function drawCup(look: Look): string {
  const line = shade(look.skin, -0.35);
  const fingers = [-14, 6, 26, 45]
    .map(
      (y) =>
        `<rect x="38" y="${y - 10}" width="50" height="20" rx="10" fill="url(#palm)" stroke="${line}" stroke-width="1.2"/>`,
    )
    .join('');
  return `${palmGradient(look)}<defs><linearGradient id="mug" x1="0" x2="1" y1="0" y2="0"><stop offset="0" stop-color="#8d2f2c"/><stop offset="0.35" stop-color="#cf5a50"/><stop offset="1" stop-color="#6f2321"/></linearGradient></defs>
<path d="M52 40 L30 400 L140 400 L96 30 Z" fill="${look.cloth}"/>
<path d="M40 -32 C84 -36 84 62 40 56" fill="none" stroke="#8a302c" stroke-width="11"/>
<path d="M-46 -52 L-41 62 C-36 74 36 74 41 62 L46 -52 Z" fill="url(#mug)"/>
<ellipse cx="0" cy="-52" rx="46" ry="11" fill="#e8d9cf"/><ellipse cx="0" cy="-51" rx="41" ry="8.5" fill="#4a2a1a"/>
<g fill="none" stroke="#ffffff" stroke-width="5" opacity="0.22"><path d="M-16 -70 C-26 -86 -6 -96 -16 -114"/><path d="M10 -70 C0 -88 20 -100 10 -120"/></g>${fingers}`;
}

function palmGradient({ skin }: Look): string {
  return `<defs><linearGradient id="palm" x1="0" x2="1" y1="0" y2="0.6"><stop offset="0" stop-color="${shade(skin, 0.18)}"/><stop offset="1" stop-color="${shade(skin, -0.18)}"/></linearGradient></defs>`;
}
