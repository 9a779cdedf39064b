import type { SeenFace } from '../domain/face.ts';
import { centreOf, intersectionOverUnion } from '../domain/geometry.ts';

/** One person in view, followed by position alone: never by appearance. */
export type Track = Readonly<{
  id: number;
  face: SeenFace;
  seenAtMs: number;
  firstSeenAtMs: number;
  /** Faces matched so far. */
  sightings: number;
  /** Speed of the box' centre at the last sighting, camera pixels per ms. */
  velocity: Readonly<{ x: number; y: number }>;
}>;

/** How faces are followed. */
export type TrackingParams = Readonly<{
  /** A track unseen for so long is gone, ms. */
  forgetAfterMs: number;
  /** Overlap of a face with a track's predicted box at which they are one person. */
  minimumOverlap: number;
}>;

export type Tracking = Readonly<{ tracks: readonly Track[]; nextId: number }>;

export const noTracks: Tracking = { tracks: [], nextId: 1 };

/** The tracks after a camera frame: faces matched to the best overlapping track, new ones born, old ones forgotten. */
export function trackFaces(
  tracking: Tracking,
  faces: readonly SeenFace[],
  atMs: number,
  params: TrackingParams,
): Tracking {
  const pairs = tracking.tracks
    .flatMap((track) =>
      faces.map((face) => ({
        track,
        face,
        overlap: intersectionOverUnion(predictedBox(track, atMs), face.box),
      })),
    )
    .filter((pair) => pair.overlap >= params.minimumOverlap)
    .sort((a, b) => b.overlap - a.overlap || a.track.id - b.track.id);

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
        firstSeenAtMs: atMs,
        sightings: 1,
        velocity: { x: 0, y: 0 },
      })),
    ],
    nextId: tracking.nextId + born.length,
  };
}

function sighted(track: Track, face: SeenFace, atMs: number): Track {
  const from = centreOf(track.face.box);
  const to = centreOf(face.box);
  const elapsedMs = Math.max(1, atMs - track.seenAtMs);
  return {
    ...track,
    face,
    seenAtMs: atMs,
    sightings: track.sightings + 1,
    velocity: { x: (to.x - from.x) / elapsedMs, y: (to.y - from.y) / elapsedMs },
  };
}

function predictedBox(track: Track, atMs: number) {
  const elapsedMs = atMs - track.seenAtMs;
  const { box } = track.face;
  return { ...box, x: box.x + track.velocity.x * elapsedMs, y: box.y + track.velocity.y * elapsedMs };
}
