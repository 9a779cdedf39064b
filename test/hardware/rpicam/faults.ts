import { readFileSync } from 'node:fs';

/** What the stand-in for rpicam-vid is told to do wrong. */
export type Faults = Readonly<{
  /** The machine has no camera. */
  noCamera?: boolean;
  /** Another program has it. */
  busy?: boolean;
  /** Ends with this code. */
  exitCode?: number;
  /** Runs on without a frame. */
  hang?: boolean;
  /** Is not ended by SIGTERM. */
  stubborn?: boolean;
  /** Fills stderr with noise. */
  garbage?: boolean;
  /** Writes no metadata. */
  noMetadata?: boolean;
  /** Waits before the first frame, ms. */
  startMs?: number;
  /** How long after its exposure a frame is written, ms; 40 if not said. */
  ageMs?: number;
}>;

/** The faults of now: JSON in the file that FEVERGATE_FAKE_CAMERA_FAULTS names; none without it. */
export function faultsNow(): Faults {
  const file = process.env['FEVERGATE_FAKE_CAMERA_FAULTS'];
  if (file === undefined) return {};
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Faults;
  } catch {
    return {};
  }
}
