import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { z } from 'zod';
import { type ThermalLens, thermalOptics } from '../domain/optics.ts';
import { THERMAL_COLUMNS, THERMAL_PIXELS } from '../domain/thermogram.ts';
import type { ThermalScene } from './thermal-scene.ts';

/**
 * A thermal-only recording: NAME.json beside NAME.u16.gz, gzip of uint16 little-endian frames [frame][row][column] in
 * centikelvin; taken by a camera of 57 degrees across the longer side, turned by 90 degrees.
 */
const descriptionSchema = z.object({
  file: z.string(),
  width: z.int().positive(),
  height: z.int().positive(),
  frames: z.int().positive(),
  time_ms: z.array(z.number()).min(1),
});

/** A recording as a scene for the virtual sensor. */
export type RecordedScene = ThermalScene & Readonly<{ durationMs: number }>;

const ACROSS_DEG = 57;
const RADIANS_PER_DEGREE = Math.PI / 180;
const CENTIKELVIN_AT_0_C = 27_315;
/** Points averaged per thermal pixel and axis. */
const SAMPLES = 5;
const SURROUNDINGS_QUANTILE = 0.25;

const unzip = promisify(gunzip);

/**
 * Loads a recording, turned upright and seen through the lens of the virtual sensor; where the sensor sees farther than
 * the recording does, the recording's edge goes on. After the last frame it stands still.
 * @throws Error naming the file and what is wrong with it
 */
export async function loadThermalRecording(file: string, lens: ThermalLens): Promise<RecordedScene> {
  const described = descriptionSchema.safeParse(JSON.parse(await readFile(file, 'utf8')));
  if (!described.success) throw new Error(`${file}: ${z.prettifyError(described.error)}`);
  const { width, height, frames, time_ms: timesMs, file: dataFile } = described.data;
  const bytes = await unzip(await readFile(path.join(path.dirname(file), dataFile)));
  if (bytes.length !== 2 * frames * width * height || timesMs.length !== frames) {
    throw new Error(`${file}: ${frames} frames of ${width} x ${height} do not match ${dataFile} and time_ms`);
  }
  const centikelvin = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
  const places = samplePlaces(lens, width, height);
  const firstFrame = [...centikelvin.subarray(0, width * height)].sort((a, b) => a - b);
  return {
    ambientC:
      ((firstFrame[Math.floor(firstFrame.length * SURROUNDINGS_QUANTILE)] ?? 0) - CENTIKELVIN_AT_0_C) / 100,
    durationMs: timesMs.at(-1) ?? 0,
    render(atMs, toC) {
      const later = timesMs.findIndex((timeMs) => timeMs > atMs);
      const frame = later === -1 ? frames - 1 : Math.max(0, later - 1);
      const at = frame * width * height;
      for (let pixel = 0; pixel < THERMAL_PIXELS; pixel++) {
        let sum = 0;
        for (let sample = 0; sample < SAMPLES * SAMPLES; sample++) {
          sum += centikelvin[at + (places[pixel * SAMPLES * SAMPLES + sample] ?? 0)] ?? 0;
        }
        toC[pixel] = (sum / (SAMPLES * SAMPLES) - CENTIKELVIN_AT_0_C) / 100;
      }
    },
  };
}

/** For every sub-point of every thermal pixel, its place in a recorded frame. */
function samplePlaces(lens: ThermalLens, width: number, height: number): Uint32Array {
  const optics = thermalOptics(lens);
  const focalPx = width / 2 / Math.tan((ACROSS_DEG * RADIANS_PER_DEGREE) / 2);
  const places = new Uint32Array(THERMAL_PIXELS * SAMPLES * SAMPLES);
  for (let index = 0; index < places.length; index++) {
    const pixel = Math.floor(index / (SAMPLES * SAMPLES));
    const sample = index % (SAMPLES * SAMPLES);
    const ray = optics.ray({
      x: (pixel % THERMAL_COLUMNS) + ((sample % SAMPLES) + 0.5) / SAMPLES,
      y: Math.floor(pixel / THERMAL_COLUMNS) + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES,
    });
    // Upright again: what the sensor sees to the right, the turned camera had below.
    const column = clamp(Math.floor(width / 2 - ray.y * focalPx), width);
    const row = clamp(Math.floor(height / 2 + ray.x * focalPx), height);
    places[index] = row * width + column;
  }
  return places;
}

function clamp(value: number, size: number): number {
  return Math.max(0, Math.min(size - 1, value));
}
