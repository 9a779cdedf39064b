import { createConnection } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { VidArguments } from './arguments.ts';
import { syntheticFrame } from './synthetic-frame.ts';

/** A picture and when it was exposed, ns of CLOCK_MONOTONIC. */
export type Exposure = Readonly<{ data: Uint8Array; sensorNs: bigint }>;

/** How many pictures wait for a blocked output before the camera drops new ones. */
const BUFFERS = 6;

/** Synthetic pictures at the camera's rate, each handed on `ageMs()` after its exposure. */
export async function* syntheticExposures(
  { width, height, frameRateHz }: VidArguments,
  ageMs: () => number,
): AsyncGenerator<Exposure> {
  const periodMs = 1000 / frameRateHz;
  const startNs = process.hrtime.bigint();
  const exposedMs = (): number => Number(process.hrtime.bigint() - startNs) / 1e6 - ageMs();
  const buffers: number[] = [];
  for (let next = 0; ; ) {
    const waitMs = next * periodMs - exposedMs();
    if (waitMs > 0) await sleep(waitMs);
    const newest = Math.floor(exposedMs() / periodMs);
    while (next <= newest && buffers.length < BUFFERS) buffers.push(next++);
    next = Math.max(next, newest + 1);
    while (buffers.length > 0) {
      const number = buffers.shift() ?? 0;
      const sensorNs = startNs + BigInt(Math.round(number * periodMs * 1e6));
      yield { data: syntheticFrame(number, width, height), sensorNs };
    }
  }
}

/** A frame on the socket: its time as a double, then its bytes. */
const TIME_BYTES = 8;

/** Pictures from a unix socket, as they come; ends when the sender does. */
export async function* socketExposures(
  { width, height, frameRateHz }: VidArguments,
  path: string,
): AsyncGenerator<Exposure> {
  const socket = createConnection(path);
  socket.write(`${JSON.stringify({ width, height, frameRateHz })}\n`);
  const message = Buffer.alloc(TIME_BYTES + (width * height * 3) / 2);
  let filled = 0;
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    for (let from = 0; from < chunk.length; ) {
      const copied = chunk.copy(message, filled, from);
      from += copied;
      filled += copied;
      if (filled < message.length) continue;
      filled = 0;
      yield { data: Uint8Array.from(message.subarray(TIME_BYTES)), sensorNs: process.hrtime.bigint() };
    }
  }
}
