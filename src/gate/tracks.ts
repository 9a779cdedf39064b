import type { SeenFace } from '../domain/face.ts';
import { centreOf, intersectionOverUnion, type Point, type Rect } from '../domain/geometry.ts';

/** One person in view, followed by position and motion alone: never by appearance. */
export type Track = Readonly<{
  id: number;
  face: SeenFace;
  seenAtMs: number;
  /** Faces matched so far. */
  sightings: number;
  /** Speed of the box' centre over the last few sightings, camera pixels per ms. */
  velocity: Point;
}>;

/** How faces are followed. */
export type TrackingParams = Readonly<{
  /** A track unseen for so long is gone, ms: longer than somebody takes to walk past before it. */
  forgetAfterMs: number;
  /** Overlap of a face with where a track's is expected at which they are one person. */
  minimumOverlap: number;
}>;

export type Tracking = Readonly<{
  tracks: readonly Track[];
  nextId: number;
  /** When the last camera frame looked at was exposed, ms; a track seen earlier is hidden now. */
  lookedAtMs: number;
}>;

export const noTracks: Tracking = { tracks: [], nextId: 1, lookedAtMs: 0 };

/** Over so long the motion between sightings is averaged, ms: jitter of the box is no motion. */
const MOTION_MEMORY_MS = 150;
/** Somebody hidden may have stopped where they were last seen; walking on is likelier. */
const STOPPED_WEIGHT = 0.5;
/** Looks further apart than this tell nothing of a face that overlaps nothing expected, ms. */
const LEAP_WITHIN_MS = 450;
/** So far a face may leap from where it was expected, its own widths per ms (1.8 m/s), and at most. */
const LEAP_WIDTHS_PER_MS = 0.012;
const LONGEST_LEAP_WIDTHS = 2;
/**
 * Between looks a face keeps its size within this factor, growing by so much a ms at walking pace; hidden for longer it
 * may have come no nearer. People who cross do so at different distances.
 */
const STEADY_SIZE = 1.2;
const GROWTH_PER_MS = 0.0006;
/** A leap is always less likely than an overlap. */
const LEAP_WEIGHT = 0.1;

/**
 * The tracks after a camera frame: faces matched to the likeliest track, the best pair first; new ones born, old ones
 * forgotten. Somebody hidden for less than `forgetAfterMs` keeps the track, standing or walking on.
 */
export function trackFaces(
  tracking: Tracking,
  faces: readonly SeenFace[],
  atMs: number,
  params: TrackingParams,
): Tracking {
  const pairs = tracking.tracks
    .flatMap((track) =>
      faces.map((face) => ({ track, face, affinity: affinityOf(track, face, atMs, params) })),
    )
    .filter((pair) => pair.affinity > 0)
    .sort((a, b) => b.affinity - a.affinity || a.track.id - b.track.id);

  const matched = new Map<Track, SeenFace>();
  const taken = new Set<SeenFace>();
  for (const { track, face } of pairs) {
    if (matched.has(track) || taken.has(face)) continue;
    matched.set(track, face);
    taken.add(face);
  }
  const kept = tracking.tracks.flatMap((track) => {
    const face = matched.get(track);
    if (face) return [sighted(track, face, atMs)];
    return atMs - track.seenAtMs <= params.forgetAfterMs ? [track] : [];
  });
  const born = faces.filter((face) => !taken.has(face));
  return {
    tracks: [
      ...kept,
      ...born.map((face, index) => ({
        id: tracking.nextId + index,
        face,
        seenAtMs: atMs,
        sightings: 1,
        velocity: { x: 0, y: 0 },
      })),
    ],
    nextId: tracking.nextId + born.length,
    lookedAtMs: atMs,
  };
}

/** How well a face fits a track, 0 (not at all) to 1: overlap where it is expected, or was; failing that, nearness. */
function affinityOf(track: Track, face: SeenFace, atMs: number, { minimumOverlap }: TrackingParams): number {
  const unseenMs = atMs - track.seenAtMs;
  const expected = walkedOn(track, unseenMs);
  const growth = Math.max(face.box.width / expected.width, expected.width / face.box.width);
  if (growth > STEADY_SIZE + GROWTH_PER_MS * Math.min(unseenMs, LEAP_WITHIN_MS)) return 0;
  const overlap = Math.max(
    intersectionOverUnion(expected, face.box),
    STOPPED_WEIGHT * intersectionOverUnion(track.face.box, face.box),
  );
  if (overlap >= minimumOverlap) return overlap;
  if (unseenMs > LEAP_WITHIN_MS) return 0;
  const reach = Math.min(LONGEST_LEAP_WIDTHS, LEAP_WIDTHS_PER_MS * unseenMs) * expected.width;
  const leap = Math.min(distance(expected, face.box), distance(track.face.box, face.box));
  return LEAP_WEIGHT * Math.max(0, 1 - leap / reach) * minimumOverlap;
}

function sighted(track: Track, face: SeenFace, atMs: number): Track {
  const from = centreOf(track.face.box);
  const to = centreOf(face.box);
  const elapsedMs = Math.max(1, atMs - track.seenAtMs);
  const fresh = track.sightings === 1 ? 1 : 1 - Math.exp(-elapsedMs / MOTION_MEMORY_MS);
  const { velocity } = track;
  return {
    ...track,
    face,
    seenAtMs: atMs,
    sightings: track.sightings + 1,
    velocity: {
      x: velocity.x + fresh * ((to.x - from.x) / elapsedMs - velocity.x),
      y: velocity.y + fresh * ((to.y - from.y) / elapsedMs - velocity.y),
    },
  };
}

function walkedOn({ face: { box }, velocity }: Track, elapsedMs: number): Rect {
  return { ...box, x: box.x + velocity.x * elapsedMs, y: box.y + velocity.y * elapsedMs };
}

function distance(a: Rect, b: Rect): number {
  const [from, to] = [centreOf(a), centreOf(b)];
  return Math.hypot(to.x - from.x, to.y - from.y);
}
