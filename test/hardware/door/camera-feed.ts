import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Camera } from '../../../src/ports/camera.ts';

/** What the stand-in for rpicam-vid asks for. */
export type Wanted = Readonly<{ width: number; height: number; frameRateHz: number }>;

/** Shows a camera's pictures to every stand-in for rpicam-vid that connects. */
export interface CameraFeed {
  readonly path: string;
  close(): Promise<void>;
}

const TIME_BYTES = 8;

/** Serves pictures on a unix socket; a picture is skipped while the one before is still on its way. */
export async function startCameraFeed(
  path: string,
  openCamera: (wanted: Wanted) => Camera,
): Promise<CameraFeed> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    const asked = createInterface({ input: socket });
    asked.on('error', () => undefined);
    asked.once('line', (line) => void feed(socket, openCamera(JSON.parse(line) as Wanted)));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  return {
    path,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function feed(socket: Socket, camera: Camera): Promise<void> {
  const time = Buffer.alloc(TIME_BYTES);
  while (!socket.destroyed) {
    const { atMs, data } = await camera.capture();
    if (socket.writableLength > 0) continue;
    time.writeDoubleLE(atMs);
    socket.write(time);
    socket.write(data);
  }
}
