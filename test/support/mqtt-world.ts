import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';

export type Certificates = Readonly<{
  ca: string;
  server: Readonly<{ cert: string; key: string }>;
  client: Readonly<{ cert: string; key: string }>;
}>;

/** A CA with a certificate for `localhost` and one for a gate, made by openssl; private keys 0600. */
export function makeCertificates(folder: string, serverName = 'localhost'): Certificates {
  const at = (name: string): string => path.join(folder, name);
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { stdio: 'ignore' });
  };
  const made = (name: string, subject: string, extension: string) => {
    const [key, request, cert, extensions] = ['key', 'csr', 'crt', 'ext'].map((kind) =>
      at(`${name}.${kind}`),
    ) as [string, string, string, string];
    writeFileSync(extensions, extension);
    openssl(
      'req',
      '-new',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-subj',
      `/CN=${subject}`,
      '-keyout',
      key,
      '-out',
      request,
    );
    openssl(
      ...['x509', '-req', '-days', '1', '-in', request, '-CA', at('ca.crt'), '-CAkey', at('ca.key')],
      ...['-CAcreateserial', '-extfile', extensions, '-out', cert],
    );
    return { cert, key };
  };
  openssl(
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=test-ca'],
    ...['-keyout', at('ca.key'), '-out', at('ca.crt')],
  );
  return {
    ca: at('ca.crt'),
    server: made('server', serverName, `subjectAltName=DNS:${serverName}\n`),
    client: made('gate', 'fevergate-main-gate-1', 'extendedKeyUsage=clientAuth\n'),
  };
}
