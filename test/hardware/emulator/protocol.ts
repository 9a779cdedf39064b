import type { Socket } from 'node:net';
import { KernelError } from './errno.ts';

/** What the shim asks for; the letters are those of test/hardware/shim/link.h. */
export const OP = {
  open: 'O',
  exists: 'E',
  functions: 'F',
  transfer: 'X',
  chipInfo: 'C',
  line: 'L',
  setValues: 'V',
  getValues: 'G',
  close: 'Q',
  fileWrite: 'W',
} as const;

const HEAD_BYTES = 8;

/** What a system call returns, and the bytes it fills in. */
export type Answer = Readonly<{ result: number; data?: Uint8Array }>;

/** Answers one request; a {@link KernelError} is the system call's errno. */
export type Answering = (op: string, payload: Buffer) => Answer | Promise<Answer>;

/** Serves one connection: request after request, each answered before the next is looked at. */
export function serve(socket: Socket, answer: Answering): void {
  let received = Buffer.alloc(0);
  let busy = false;

  const next = (): void => {
    if (busy || received.length < HEAD_BYTES) return;
    const end = HEAD_BYTES + received.readUInt32LE(0);
    if (received.length < end) return;
    const op = String.fromCharCode(received.readUInt32LE(4));
    const payload = received.subarray(HEAD_BYTES, end);
    received = received.subarray(end);
    busy = true;
    reply(op, payload).then(
      (bytes) => {
        socket.write(bytes);
        busy = false;
        next();
      },
      (error: unknown) => socket.destroy(error instanceof Error ? error : undefined),
    );
  };
  const reply = async (op: string, payload: Buffer): Promise<Buffer> => {
    try {
      const { result, data } = await answer(op, payload);
      return frame(result, data ?? Buffer.alloc(0));
    } catch (error) {
      if (error instanceof KernelError) return frame(error.result, Buffer.alloc(0));
      throw error;
    }
  };

  socket.on('data', (bytes) => {
    received = Buffer.concat([received, bytes]);
    next();
  });
}

function frame(result: number, data: Uint8Array): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeInt32LE(result, 0);
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data]);
}
