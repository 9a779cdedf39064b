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

/**
 * The part of a client's options that is about where and who.
 * @throws Error when a file cannot be read
 */
export async function brokerOptions(address: BrokerAddress): Promise<IClientOptions> {
  const { username, password, caFile, certFile, keyFile, verifyServerName = true } = address;
  return {
    ...(username != null && { username }),
    ...(password != null && { password }),
    ...(caFile != null && { ca: await readFile(caFile) }),
    ...(certFile != null && { cert: await readFile(certFile) }),
    ...(keyFile != null && { key: await readFile(keyFile) }),
    rejectUnauthorized: true,
    ...(!verifyServerName && { checkServerIdentity: () => undefined }),
  };
}
