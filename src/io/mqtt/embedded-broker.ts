import { timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { type Duplex, duplexPair } from 'node:stream';
import { createServer as createTlsServer } from 'node:tls';
import { Aedes, type Client } from 'aedes';

/** A broker inside this process. */
export type EmbeddedBroker = Readonly<{
  port: number;
  /** A way in for the gate itself, without a password. */
  attach: () => Duplex;
  close: () => Promise<void>;
}>;

export type EmbeddedBrokerOptions = Readonly<{
  host: string;
  /** 0 takes any free one. */
  port: number;
  /** What others must give; null: nothing. */
  password: Readonly<{ username: string; password: string }> | null;
  /** Files of certificate and private key, PEM; null: plain text. */
  tls: Readonly<{ certFile: string; keyFile: string }> | null;
}>;

/** What others than the gate may send: requests to a gate, and what Home Assistant says of itself. */
const MAY_BE_SENT = /^fevergate\/[^/]+\/[^/]+\/request\/|^[^/]+\/status$/;
const REFUSED = 4;

/**
 * Starts a broker: MQTT 3.1.1, nothing on disk. Only the gate, which comes in by `attach`, may write alerts and states.
 * @throws the server's error, e.g. with code EADDRINUSE; the file system's when a certificate cannot be read
 */
export async function startEmbeddedBroker(options: EmbeddedBrokerOptions): Promise<EmbeddedBroker> {
  const { tls, password } = options;
  const keys = tls && { cert: await readFile(tls.certFile), key: await readFile(tls.keyFile) };
  const broker = await Aedes.createBroker();
  const own = new WeakSet<object>();
  const isOwn = (client: Client | null): boolean => client !== null && own.has(client.conn);
  broker.authenticate = (client, username, given, done) => {
    if (isOwn(client) || password === null || matches(password, username, given)) done(null, true);
    else done(Object.assign(new Error('wrong user name or password'), { returnCode: REFUSED }), null);
  };
  if (password !== null) {
    broker.authorizePublish = (client, packet, done) => {
      // A will of its own making, or nobody's: the broker's.
      const allowed = client === null || isOwn(client) || MAY_BE_SENT.test(packet.topic);
      done(allowed ? null : new Error('not allowed'));
    };
  }
  const sockets = new Set<Socket>();
  const handle = (socket: Socket): void => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    broker.handle(socket);
  };
  const server = keys === null ? createServer(handle) : createTlsServer(keys, handle);
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
    server.listen(options.port, options.host);
    await once(server, 'listening');
  } catch (error) {
    await close();
    throw error;
  }
  const bound = server.address();
  const attach = (): Duplex => {
    const [gate, inside] = duplexPair();
    own.add(inside);
    broker.handle(inside);
    return gate;
  };
  return { port: typeof bound === 'object' && bound !== null ? bound.port : options.port, attach, close };
}

function matches(
  asked: NonNullable<EmbeddedBrokerOptions['password']>,
  username: string | undefined,
  given: Buffer | undefined,
): boolean {
  const password = Buffer.from(asked.password);
  return (
    username === asked.username &&
    given !== undefined &&
    given.length === password.length &&
    timingSafeEqual(given, password)
  );
}
