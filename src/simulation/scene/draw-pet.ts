import { type Look, shade } from './looks.ts';

/** A dog that somebody holds up, its head about where a face would be; the fur has the colour of the hair. */
export function drawPet(look: Look): string {
  const fur = shade(look.hair, 0.3);
  const [dark, light] = [shade(fur, -0.35), shade(fur, 0.3)];
  const ears = [-1, 1]
    .map(
      (side) =>
        `<path d="M${side * 40} -70 C${side * 74} -84 ${side * 96} -40 ${side * 84} 20 C${side * 72} 34 ${side * 60} 10 ${side * 52} -24 Z" fill="${dark}"/>`,
    )
    .join('');
  const eyes = [-1, 1]
    .map(
      (side) =>
        `<ellipse cx="${side * 27}" cy="-26" rx="10" ry="11" fill="#2a1a10"/><circle cx="${side * 27 - 3}" cy="-30" r="3" fill="#ffffff"/>`,
    )
    .join('');
  return `<path d="M-80 60 C-120 120 -130 240 -130 400 L130 400 C130 240 120 120 80 60 Z" fill="${dark}"/>
<ellipse cx="0" cy="-20" rx="66" ry="72" fill="${fur}"/>${ears}
<ellipse cx="0" cy="26" rx="40" ry="38" fill="${light}"/><path d="M-8 -78 L8 -78 L6 -4 L-6 -4 Z" fill="${light}" opacity="0.7"/>${eyes}
<path d="M-18 4 C-10 -4 10 -4 18 4 C14 20 -14 20 -18 4 Z" fill="#18110d"/>
<path d="M0 16 L0 34 M0 34 C-12 46 -26 44 -32 34 M0 34 C12 46 26 44 32 34" fill="none" stroke="#2a1a10" stroke-width="3"/>
<path d="M-11 44 C-12 66 12 66 11 44 Z" fill="#d9798a"/>`;
}
