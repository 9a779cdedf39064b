import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** The protocol level of CONNECT follows the protocol's name (MQTT 5, section 3.1.2.2). */
const NAME = 'MQTT';

/**
 * A way to a broker that hangs up on some connections as soon as CONNECT is there, without an answer.
 * @param hangsUp asked with the protocol level (4: 3.1.1) and how many connections there were before
 */
export async function hangingUp(brokerPort: number, hangsUp: (level: number, before: number) => boolean) {
  const levels: number[] = [];
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => undefined);
  };
  const server = createServer((client) => {
    keep(client).once('data', (bytes) => {
      const level = Number(bytes[bytes.indexOf(NAME) + NAME.length]);
      levels.push(level);
      if (hangsUp(level, levels.length - 1)) {
        client.destroy();
        return;
      }
      const broker = keep(connect(brokerPort, '127.0.0.1'));
      broker.write(bytes);
      client.pipe(broker).pipe(client);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    levels: (): readonly number[] => levels,
    close: async (): Promise<void> => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
