import { execFile } from 'node:child_process';
import { constants, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A pipe that a child process can open by the name `/dev/fd/N`. */
export type SideChannel = Readonly<{
  /** To be given to the child. */
  fd: number;
  close(): void;
}>;

/**
 * Opens a pipe beside stdout. What Node makes for a child are sockets, and a socket cannot be opened by name; so it is a
 * FIFO, which loses its name at once and leaves nothing behind. Rejects where no FIFO can be made.
 */
export async function openSideChannel(read: (chunk: Buffer) => void): Promise<SideChannel> {
  const directory = await mkdtemp(join(tmpdir(), 'fevergate-'));
  try {
    const path = join(directory, 'pipe');
    await run('mkfifo', ['-m', '600', path]);
    // Open for writing too, so that neither side waits for the other and the end of a child is no end of the pipe.
    return readFrom(openSync(path, constants.O_RDWR | constants.O_NONBLOCK), read);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function readFrom(fd: number, read: (chunk: Buffer) => void): SideChannel {
  const socket = new Socket({ fd, readable: true, writable: false });
  socket.on('data', read);
  // A broken side channel costs the time stamps, no frame.
  socket.on('error', () => socket.destroy());
  return { fd, close: () => socket.destroy() };
}
