import { describe, expect, test } from 'vitest';
import type { GateInput } from '../../../src/app/gate-loop.ts';
import { createVisitPhotos } from '../../../src/app/visit-photos.ts';
import { createVisitRecorder } from '../../../src/app/visit-recorder.ts';
import type { CameraFrame } from '../../../src/domain/camera-frame.ts';
import type { SeenFace } from '../../../src/domain/face.ts';
import type { Still } from '../../../src/domain/still.ts';
import { initialState, step } from '../../../src/gate/gate.ts';
import type { DecidedVisit, GateEvent } from '../../../src/gate/types.ts';
import { aVisit } from '../../support/a-visit.ts';
import { aLog } from '../../support/an-alert.ts';
import { faceOf, type Person, someParams, thermogramOf } from '../../support/gate-world.ts';

const GREY_LEVELS = 200;
const FRAME_BYTES = (640 * 480 * 3) / 2;
const BLANK = Buffer.alloc(FRAME_BYTES);

/** A gate with photos, its frames one grey each; what was sealed, and every frame it was given. */
function gateWithPhotos(
  options: Readonly<{ withoutMask?: 'none' | 'pixelated'; wanted?: () => boolean }> = {},
) {
  const stills: Still[] = [];
  const frames: CameraFrame[] = [];
  const visits: DecidedVisit[] = [];
  const photos = createVisitPhotos(
    {
      wanted: options.wanted ?? (() => true),
      sealer: {
        seal: async (still) => {
          stills.push(still);
          return Uint8Array.of(1);
        },
      },
    },
    options.withoutMask ?? 'none',
  );
  const params = someParams();
  let state = initialState(1);
  let nowMs = 0;
  const send = (event: GateEvent): void => {
    const transition = step(state, event, params);
    state = transition.state;
    for (const effect of transition.effects) {
      if (effect.kind !== 'visit') continue;
      visits.push(effect.visit);
      void photos.take(effect.visit, state);
    }
    photos.onState(state);
  };
  return {
    photos,
    stills,
    frames,
    visits,
    heldFrames: () => frames.filter(({ data }) => !BLANK.equals(data)).length,
    show(
      people: readonly Person[],
      forMs: number,
      faces: (all: readonly SeenFace[]) => readonly SeenFace[] = (all) => all,
    ) {
      for (const endMs = nowMs + forMs; nowMs < endMs; ) {
        nowMs += 125;
        send({ kind: 'thermogram', atMs: nowMs, thermogram: thermogramOf(people, nowMs) });
        const frame: CameraFrame = {
          atMs: nowMs + 40,
          width: 640,
          height: 480,
          data: new Uint8Array(FRAME_BYTES).fill(1 + (frames.length % GREY_LEVELS)),
        };
        frames.push(frame);
        const input: GateInput = { kind: 'frame', frame, judgeMasks: true, faces: faces(people.map(faceOf)) };
        photos.onInput(input);
        send({ kind: 'faces', atMs: frame.atMs, faces: input.faces });
        expect(this.heldFrames()).toBeLessThanOrEqual(1);
      }
    },
  };
}

const masked: Person = { x: 0, distanceM: 0.6, faceC: 34.5, mask: true };
const bare: Person = { ...masked, mask: false };

describe('the photo of a visit', () => {
  test('is one of the masked visitor, in a still of at most 160 x 200 pixels; no frame outlives it', () => {
    const gate = gateWithPhotos();
    gate.show([masked], 5000);
    expect(gate.visits.map(({ mask }) => mask)).toEqual(['worn']);
    expect(gate.stills).toHaveLength(1);
    expect(gate.stills[0]?.width).toBeLessThanOrEqual(160);
    expect(gate.stills[0]?.height).toBeLessThanOrEqual(200);
    expect(gate.heldFrames()).toBe(0);
  });

  test('is from the newest frame that showed the face', () => {
    const gate = gateWithPhotos();
    let shown = 0;
    const lastShown = 6;
    gate.show([masked], 1500, (all) => (++shown <= lastShown ? all : []));
    expect(gate.visits).toHaveLength(1);
    // BT.601: the frame of one grey level and one chroma, both `lastShown`.
    const luma = lastShown;
    const chroma = lastShown - 128;
    const red = Math.max(0, Math.round(luma + 1.402 * chroma));
    const blue = Math.max(0, Math.round(luma + 1.772 * chroma));
    const [r, , b] = gate.stills[0]?.rgb ?? [];
    expect([r, b]).toEqual([red, blue]);
  });

  test('is none of a visitor without a mask, unless pixelated ones are asked for', () => {
    const none = gateWithPhotos();
    none.show([bare], 5000);
    expect(none.visits).toHaveLength(1);
    expect(none.stills).toHaveLength(0);
    expect(none.heldFrames()).toBe(0);
    const pixelated = gateWithPhotos({ withoutMask: 'pixelated' });
    pixelated.show([bare], 5000);
    expect(pixelated.stills).toHaveLength(1);
  });

  test('is none while photos are not wanted, and no frame is held', () => {
    const gate = gateWithPhotos({ wanted: () => false });
    gate.show([masked], 5000);
    expect(gate.visits).toHaveLength(1);
    expect(gate.stills).toHaveLength(0);
    expect(gate.heldFrames()).toBe(0);
  });

  test('is none of who leaves before the decision, and the frame held is overwritten', () => {
    const gate = gateWithPhotos();
    gate.show([masked], 400);
    expect(gate.heldFrames()).toBe(1);
    gate.show([], 1500);
    expect(gate.heldFrames()).toBe(0);
    gate.show([masked], 400);
    expect(gate.heldFrames()).toBe(1);
    gate.photos.release();
    expect(gate.heldFrames()).toBe(0);
    expect(gate.stills).toHaveLength(0);
  });
});

describe('recording', () => {
  const recorder = (failing: Readonly<{ append?: true; keep?: true }> = {}) => {
    const done: string[] = [];
    const log = aLog();
    const act = async (what: string, fails?: true): Promise<void> => {
      if (fails) throw new Error(`no ${what}`);
      done.push(what);
    };
    return {
      done,
      log,
      ...createVisitRecorder({
        log,
        store: { append: ({ number }) => act(`visit ${number}`, failing.append) },
        photos: { store: { keep: (number) => act(`photo ${number}`, failing.keep) } },
      }),
    };
  };
  const later = async (): Promise<Uint8Array> => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    return Uint8Array.of(1);
  };

  test('keeps a photo before its visit, and visits in order however long a photo takes', async () => {
    const { record, done } = recorder();
    await Promise.all([record(aVisit(1), later()), record(aVisit(2), null), record(aVisit(3), later())]);
    expect(done).toEqual(['photo 1', 'visit 1', 'visit 2', 'photo 3', 'visit 3']);
  });

  test('keeps the visit when its photo cannot be sealed or kept, and says so', async () => {
    const unkept = recorder({ keep: true });
    await unkept.record(aVisit(1), later());
    expect(unkept.done).toEqual(['visit 1']);
    expect(unkept.log.messages).toEqual(['keeping a photo failed']);
    const unsealed = recorder();
    await unsealed.record(aVisit(1), Promise.reject(new Error('no memory')));
    expect(unsealed.done).toEqual(['visit 1']);
  });

  test('goes on after a visit that cannot be kept', async () => {
    const { record, done } = recorder({ append: true });
    await expect(record(aVisit(1), later())).rejects.toThrow('no visit 1');
    await expect(record(aVisit(2), later())).rejects.toThrow('no visit 2');
    expect(done).toEqual(['photo 1', 'photo 2']);
  });
});
