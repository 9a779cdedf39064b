import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Spreads connections over the nodes of a cluster, passing by those that are gone, as the one before a real cluster does. */
export async function openBalancer(
  ports: readonly number[],
): Promise<Readonly<{ port: number; close: () => Promise<void> }>> {
  let next = 0;
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    return socket;
  };
  const lead = (client: Socket, attemptsLeft: number): void => {
    const node = keep(connect(ports[next++ % ports.length] ?? 0, '127.0.0.1'));
    node.once('connect', () => {
      client.pipe(node).pipe(client);
      node.on('close', () => client.destroy());
      client.on('close', () => node.destroy());
    });
    node.once('error', () => {
      if (!node.connecting && node.bytesRead > 0) return;
      if (attemptsLeft > 0) lead(client, attemptsLeft - 1);
      else client.destroy();
    });
  };
  const server = createServer((client) => lead(keep(client), ports.length)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
