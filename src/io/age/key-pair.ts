import { generateX25519Identity, identityToRecipient } from 'age-encryption';

/** An age X25519 key pair. */
export type KeyPair = Readonly<{
  /** AGE-SECRET-KEY-1...: opens what was sealed to the recipient. */
  privateKey: string;
  /** age1...: goes into the configuration of gates. */
  publicKey: string;
}>;

export async function generateKeyPair(): Promise<KeyPair> {
  const privateKey = await generateX25519Identity();
  return { privateKey, publicKey: await identityToRecipient(privateKey) };
}

/** The key pair as a file that age programs take (`age -d -i FILE`). */
export function keyFileText({ privateKey, publicKey }: KeyPair): string {
  return `# fevergate photo key: keep it away from every gate\n# public key: ${publicKey}\n${privateKey}\n`;
}
