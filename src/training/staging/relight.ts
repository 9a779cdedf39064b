import type { CameraFrame } from '../../domain/camera-frame.ts';
import type { Random } from '../../simulation/random.ts';

/** Light that falls on a scene and what the camera makes of it. */
type Light = Readonly<{
  /** Brightness in the middle, and how it changes from edge to edge, as factors. */
  gain: number;
  slopeX: number;
  slopeY: number;
  gamma: number;
  /** Levels added. */
  offset: number;
  /** Share of white that stray light adds in the middle, and its change from edge to edge. */
  haze: number;
  hazeX: number;
  hazeY: number;
  /** Factor on the colours, and levels added to U and V. */
  colour: number;
  castU: number;
  castV: number;
  /** Sigma of the sensor's noise, levels. */
  noise: number;
}>;

const NOISE_VALUES = 8192;

/** The same frame under other light: dim, from one side, against the light, paler or more colourful, noisy. */
export function relight(frame: CameraFrame, random: Random): CameraFrame {
  return lit(frame, randomLight(random), random);
}

function randomLight(random: Random): Light {
  const between = (least: number, most: number): number => least + (most - least) * random.uniform();
  const kind = random.uniform();
  const dark = kind < 0.2;
  const hazy = kind > 0.84;
  const sided = random.uniform() < 0.4;
  return {
    gain: dark ? 0.13 * 4 ** random.uniform() : between(0.45, 1.3),
    slopeX: sided ? between(-0.9, 0.9) : 0,
    slopeY: sided ? between(-0.5, 0.5) : 0,
    gamma: between(0.75, 1.3),
    offset: dark ? between(0, 14) : between(-10, 30),
    haze: hazy ? between(0.1, 0.6) : 0,
    hazeX: hazy ? between(-0.7, 0.7) : 0,
    hazeY: hazy ? between(-0.4, 0.4) : 0,
    colour: between(0.4, 1.5),
    castU: between(-10, 10),
    castV: between(-10, 10),
    noise: random.uniform() < 0.5 ? between(0, 9) : 0,
  };
}

function lit(frame: CameraFrame, light: Light, random: Random): CameraFrame {
  const { width, height } = frame;
  const luma = width * height;
  const data = new Uint8ClampedArray(frame.data.length);
  const curve = Float32Array.from({ length: 256 }, (_, level) => 255 * (level / 255) ** light.gamma);
  const noise = Float32Array.from({ length: NOISE_VALUES }, () => light.noise * random.normal());
  let next = Math.floor(NOISE_VALUES * random.uniform());
  for (let row = 0, at = 0; row < height; row++) {
    const down = row / height - 0.5;
    for (let column = 0; column < width; column++, at++) {
      const across = column / width - 0.5;
      const gain = light.gain * Math.max(0.1, 1 + light.slopeX * across + light.slopeY * down);
      const value = gain * (curve[frame.data[at] ?? 0] ?? 0) + light.offset;
      next = (next * 5 + 1) & (NOISE_VALUES - 1);
      data[at] = value + hazeAt(light, across, down) * (255 - value) + (noise[next] ?? 0);
    }
  }
  const chromaGain = light.colour * Math.min(1, 0.35 + light.gain) * (1 - Math.max(0, light.haze));
  for (let at = luma; at < data.length; at++) {
    next = (next * 5 + 1) & (NOISE_VALUES - 1);
    const cast = at < luma * 1.25 ? light.castU : light.castV;
    data[at] = 128 + ((frame.data[at] ?? 128) - 128) * chromaGain + cast + 0.5 * (noise[next] ?? 0);
  }
  return { ...frame, data: new Uint8Array(data.buffer) };
}

function hazeAt({ haze, hazeX, hazeY }: Light, across: number, down: number): number {
  return Math.max(0, Math.min(0.92, haze + hazeX * across + hazeY * down));
}
