import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { Aedes } from 'aedes';

/** A broker inside this process. */
export type EmbeddedBroker = Readonly<{ port: number; close: () => Promise<void> }>;

/**
 * Starts a broker for demonstrations: MQTT 3.1.1, no password, nothing on disk.
 * @param address `port` 0 takes any free one
 * @throws the server's error, e.g. with code EADDRINUSE
 */
export async function startEmbeddedBroker(
  address: Readonly<{ host: string; port: number }>,
): Promise<EmbeddedBroker> {
  const broker = await Aedes.createBroker();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    broker.handle(socket);
  });
  const close = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => {
      broker.close(resolve);
    });
    await closed;
    if (!server.listening) return;
    const ended = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await ended;
  };
  try {
    server.listen(address.port, address.host);
    await once(server, 'listening');
  } catch (error) {
    await close();
    throw error;
  }
  const bound = server.address();
  return { port: typeof bound === 'object' && bound !== null ? bound.port : address.port, close };
}
