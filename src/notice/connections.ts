import type { Config } from '../config/schema.ts';

/** A server that the machine's own clock service asks, and the file that says so. */
export type TimeServer = Readonly<{ host: string; file: string }>;

/** A host that the device may connect to. */
export type Connection =
  | Readonly<{ role: 'broker'; host: string; port: number; encrypted: boolean; isThisMachine: boolean }>
  /** Asked by the machine's clock service, not by the gate's program. */
  | Readonly<{ role: 'time-server'; host: string; file: string }>;

const PORTS = { 'mqtt:': 1883, 'mqtts:': 8883 } as const;
/** Names of the machine itself, which nobody else reaches it by. */
export const THIS_MACHINE = /^(localhost|127(\.\d{1,3}){3}|::1)$/i;

/** Every host that the device may connect to: the broker, where alerts are on, and the machine's time servers. */
export function connectionsOf(
  { enabled, url, embeddedBroker }: Config['alerts']['mqtt'],
  timeServers: readonly TimeServer[],
): readonly Connection[] {
  const brokers = enabled && !embeddedBroker.enabled ? [brokerOf(url)] : [];
  return [...brokers, ...timeServers.map((server) => ({ role: 'time-server' as const, ...server }))];
}

/** Where the embedded broker listens, and what it asks for; null: there is none. */
export function listensAt({
  embeddedBroker: { enabled, host, port, username, certFile },
}: Config['alerts']['mqtt']): Readonly<{
  host: string;
  port: number;
  password: boolean;
  encrypted: boolean;
}> | null {
  return enabled ? { host, port, password: username !== null, encrypted: certFile !== null } : null;
}

function brokerOf(url: string): Connection {
  const encrypted = url.startsWith('mqtts:');
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return {
    role: 'broker',
    host,
    port: port === '' ? PORTS[encrypted ? 'mqtts:' : 'mqtt:'] : Number(port),
    encrypted,
    isThisMachine: THIS_MACHINE.test(host),
  };
}
