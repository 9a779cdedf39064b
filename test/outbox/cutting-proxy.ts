import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to a broker that can be cut, also within a packet. */
export type CuttingProxy = Readonly<{
  port: number;
  /** Where new connections go. */
  lead: (toPort: number) => void;
  /** Every connection is cut after so many more bytes from the gate, and none is taken until {@link CuttingProxy.mend}. */
  cutAfter: (bytes: number) => void;
  mend: () => void;
  close: () => Promise<void>;
}>;

export async function openCuttingProxy(brokerPort: number): Promise<CuttingProxy> {
  let toPort = brokerPort;
  /** Bytes that still pass; null: any number. */
  let left: number | null = null;
  const sockets = new Set<Socket>();
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const server = createServer((gate) => {
    if (left === 0) {
      gate.destroy();
      return;
    }
    const broker = connect(toPort, '127.0.0.1');
    for (const socket of [gate, broker]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        gate.destroy();
        broker.destroy();
      });
    }
    broker.pipe(gate);
    gate.on('data', (chunk) => {
      if (left === null || chunk.length < left) {
        if (left !== null) left -= chunk.length;
        broker.write(chunk);
        return;
      }
      // What passed stands half in the broker's buffer; the rest never comes.
      broker.write(chunk.subarray(0, left), cut);
      left = 0;
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    lead: (port) => {
      toPort = port;
    },
    cutAfter: (bytes) => {
      left = bytes;
    },
    mend: () => {
      left = null;
    },
    close: async () => {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
