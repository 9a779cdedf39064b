import { readFile } from 'node:fs/promises';
import type { IClientOptions } from 'mqtt';

/** How to reach a broker, and how to prove who one is. */
export type BrokerAddress = Readonly<{
  /** mqtt://HOST:PORT or mqtts://HOST:PORT. */
  url: string;
  username?: string | null;
  password?: string | null;
  /** CA certificate, PEM; the system's by default. */
  caFile?: string | null;
  /** The client's own certificate and its private key, PEM. */
  certFile?: string | null;
  keyFile?: string | null;
  /** False: any name that the CA has signed will do. */
  verifyServerName?: boolean;
}>;

/** The system's roots (Debian's ca-certificates). Node has its own, which know nothing of a CA that an operator has added. */
const SYSTEM_ROOTS = '/etc/ssl/certs/ca-certificates.crt';

/**
 * The part of a client's options that is about where and who.
 * @throws Error when a file cannot be read
 */
export async function brokerOptions(address: BrokerAddress): Promise<IClientOptions> {
  const { username, password, caFile, certFile, keyFile, verifyServerName = true } = address;
  return {
    ...(username != null && { username }),
    ...(password != null && { password }),
    ...(await trustedRoots(caFile ?? null)),
    ...(certFile != null && { cert: await readFile(certFile) }),
    ...(keyFile != null && { key: await readFile(keyFile) }),
    rejectUnauthorized: true,
    ...(!verifyServerName && { checkServerIdentity: () => undefined }),
  };
}

/** SSL_CERT_FILE (OpenSSL's name) is where a system keeps its roots elsewhere; without any, Node's count. */
async function trustedRoots(caFile: string | null): Promise<Pick<IClientOptions, 'ca'>> {
  if (caFile !== null) return { ca: await readFile(caFile) };
  const system = process.env['SSL_CERT_FILE'] ?? SYSTEM_ROOTS;
  const ca = await readFile(system).catch(() => null);
  return ca === null ? {} : { ca };
}
