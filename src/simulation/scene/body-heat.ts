import { FIGURE } from './figure.ts';
import type { Behaviour, MaskWear } from './scenario.ts';

/** What decides how warm a visitor's surfaces are. */
export type HeatSource = Readonly<{
  behaviour: Behaviour;
  /** At the inner eye corners, degC. */
  trueTemperatureC: number;
  mask: MaskWear;
  glasses: boolean;
}>;

/** Surfaces that do not follow the core, degC. */
const HAIR_C = 29;
const CLOTH_C = 27.5;
const MASK_C = 31.5;
const GLASSES_C = 26;
const CARD_C = 23;
const HAND_C = 33;
const ARM_C = 32.5;
/** A tablet's display, and the spot above its processor. */
const DISPLAY_C = 29;
const PROCESSOR_C = 31.5;
const FUR_C = 28.5;
const PET_EYE_C = 35.5;
const PET_NOSE_C = 27;
const CUP_C = 45;

/** Below the inner eye corners, degC. */
const FOREHEAD_BELOW_C = 0.45;
const CHEEK_BELOW_C = 1;
const NOSE_BELOW_C = 2;
const EAR_BELOW_C = 2.5;
const NECK_BELOW_C = 0.8;
/** The forehead's middle is this much warmer than its mean, its sides as much cooler. */
const FOREHEAD_SPREAD_C = 0.12;
const CORNER_SIGMA_M = 0.006;

/** Surface temperature at a place of the visitor's plane (metres from the face's centre), degC; null: one sees past. */
export function surfaceTemperature(source: HeatSource, x: number, y: number): number | null {
  switch (source.behaviour) {
    case 'photo':
      return cardTemperature(x, y);
    case 'tablet':
      return tabletTemperature(x, y);
    case 'hand':
      return handTemperature(x, y);
    case 'arm':
      return armTemperature(x, y);
    case 'pet':
      return petTemperature(x, y);
    case 'warm-cup':
      return cupTemperature(x, y);
    case 'back-of-head':
    case 'turned-away':
    case 'walks-past':
      return turnedTemperature(source, x, y);
    case 'normal':
    case 'leaves-early':
      return personTemperature(source, x, y);
  }
}

function personTemperature(source: HeatSource, x: number, y: number): number | null {
  const { head, ear, hairlineY } = FIGURE;
  if (source.glasses && isGlasses(x, y)) return GLASSES_C;
  if (inEllipse(x, y, head)) {
    // The hairline drops to the temples.
    if (y < hairlineY + 0.04 * (x / head.rx) ** 2 * (Math.abs(x) > 0.05 ? 1 : 0.5)) return HAIR_C;
    return isMask(source.mask, x, y) ? MASK_C : skinTemperature(source.trueTemperatureC, x, y);
  }
  if (inEllipse(x, y, { ...head, rx: head.rx + 0.004, ry: head.ry + 0.01, y: head.y - 0.004 }) && y < -0.02)
    return HAIR_C;
  if (inEllipse(Math.abs(x), y, ear)) return source.trueTemperatureC - EAR_BELOW_C;
  return bodyTemperature(source, x, y);
}

function skinTemperature(trueC: number, x: number, y: number): number {
  const { cornerX, eyeY, nose, head } = FIGURE;
  const down = smoothStep(eyeY, 0.015, y);
  const forehead = -FOREHEAD_BELOW_C + FOREHEAD_SPREAD_C * (1 - 3 * (x / head.rx) ** 2);
  const noseChill = (NOSE_BELOW_C - CHEEK_BELOW_C) * bell(x / 0.013, (y - nose.y) / 0.018);
  const base = forehead * (1 - down) - CHEEK_BELOW_C * down - noseChill;
  // At the corner itself the spot takes over wholly: that is the temperature that counts.
  const spot = bell((Math.abs(x) - cornerX) / CORNER_SIGMA_M, (y - eyeY) / CORNER_SIGMA_M);
  return trueC + base * (1 - spot);
}

function bodyTemperature(source: HeatSource, x: number, y: number): number | null {
  const { neck, shoulder } = FIGURE;
  const across = Math.abs(x);
  if (y > 0.04 && y < neck.bottom - 0.4 * Math.max(0, across - 0.02) && across < neck.halfWidth) {
    return source.trueTemperatureC - NECK_BELOW_C;
  }
  const slope = across < 0.06 ? 0.104 : 0.104 + (across - 0.06) * 0.34;
  const sleeve = across > 0.18 ? (across - 0.18) ** 2 * 25 : 0;
  return across < shoulder.halfWidth && y > slope + sleeve ? CLOTH_C : null;
}

/** Hair towards the camera; for a turned-away face a strip of cheek beside it. */
function turnedTemperature(source: HeatSource, x: number, y: number): number | null {
  const { head, ear } = FIGURE;
  if (inEllipse(x, y, { ...head, rx: head.rx + 0.004, ry: head.ry + 0.008 })) {
    const cheek = source.behaviour !== 'back-of-head' && x < 0.02 && y > -0.07;
    if (cheek) return source.trueTemperatureC - CHEEK_BELOW_C - (x < -0.06 ? 1 : 0);
    return y > 0.08 ? source.trueTemperatureC - NECK_BELOW_C : HAIR_C;
  }
  if (inEllipse(Math.abs(x), y, ear)) return source.trueTemperatureC - EAR_BELOW_C;
  return bodyTemperature(source, x, y);
}

function cardTemperature(x: number, y: number): number | null {
  const across = Math.abs(x);
  if (across > 0.018 && across < 0.055 && y > 0.084 && y < 0.136) return HAND_C;
  if (across < 0.098 && y > -0.122 && y < 0.11) return CARD_C;
  return across < 0.075 && y >= 0.11 ? CLOTH_C : null;
}

function tabletTemperature(x: number, y: number): number | null {
  const across = Math.abs(x);
  if (across > 0.05 && across < 0.07 && y > 0.092 && y < 0.142) return HAND_C;
  if (across < 0.098 && y > -0.128 && y < 0.12) {
    return DISPLAY_C + (PROCESSOR_C - DISPLAY_C) * bell((x - 0.03) / 0.04, (y + 0.05) / 0.04);
  }
  return across < 0.09 && y >= 0.12 ? CLOTH_C : null;
}

function armTemperature(x: number, y: number): number | null {
  if (x > -0.1 && x < 0.14 && y > -0.07 && y < 0.02) return ARM_C;
  return x > 0.1 && x < 0.25 && y > -0.05 ? CLOTH_C : null;
}

function petTemperature(x: number, y: number): number | null {
  const across = Math.abs(x);
  if (((across - 0.027) / 0.01) ** 2 + ((y + 0.026) / 0.011) ** 2 < 1) return PET_EYE_C;
  if (inEllipse(x, y, { x: 0, y: 0.006, rx: 0.018, ry: 0.012 })) return PET_NOSE_C;
  if (inEllipse(x, y, { x: 0, y: -0.02, rx: 0.068, ry: 0.074 })) return FUR_C;
  const ear = inEllipse(across, y, { x: 0.07, y: -0.025, rx: 0.02, ry: 0.055 });
  return ear || (y > 0.05 && across < 0.09 + 0.1 * (y - 0.05)) ? FUR_C : null;
}

function handTemperature(x: number, y: number): number | null {
  const palm = inEllipse(x, y, { x: 0, y: 0.065, rx: 0.052, ry: 0.055 });
  const fingers =
    y > -0.1 &&
    y < 0.04 &&
    Math.abs(x) < 0.06 &&
    Math.abs(((((x + 0.5) % 0.026) + 0.026) % 0.026) - 0.013) < 0.011;
  if (palm || fingers || (Math.abs(x) < 0.038 && y > 0.1 && y < 0.17)) return HAND_C;
  return Math.abs(x) < 0.052 && y >= 0.17 ? CLOTH_C : null;
}

function cupTemperature(x: number, y: number): number | null {
  if (x > 0.038 && x < 0.088 && y > -0.024 && y < 0.055) return HAND_C;
  if (Math.abs(x) < 0.046 && y > -0.062 && y < 0.07) return CUP_C;
  return x > 0.045 && x < 0.11 && y >= 0.04 ? CLOTH_C : null;
}

function isMask(mask: MaskWear, x: number, y: number): boolean {
  if (mask === 'not-worn') return false;
  const { bottom } = FIGURE.mask;
  const top = mask === 'worn' ? FIGURE.mask.top : FIGURE.mask.underNoseTop;
  return Math.abs(x) < 0.063 && y > top + 3.6 * x * x && y < bottom;
}

function isGlasses(x: number, y: number): boolean {
  const { eyeX, eyeY } = FIGURE;
  return Math.abs(Math.abs(x) - eyeX) < 0.0215 && Math.abs(y - eyeY - 0.003) < 0.015;
}

type Ellipse = Readonly<{ x: number; y: number; rx: number; ry: number }>;

function inEllipse(x: number, y: number, { x: cx, y: cy, rx, ry }: Ellipse): boolean {
  return ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 < 1;
}

/** Gaussian of two distances in standard deviations, 1 at the middle. */
function bell(x: number, y: number): number {
  return Math.exp(-(x * x + y * y) / 2);
}

function smoothStep(from: number, to: number, value: number): number {
  const t = Math.max(0, Math.min(1, (value - from) / (to - from)));
  return t * t * (3 - 2 * t);
}
