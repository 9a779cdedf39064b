import { open } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { generateKeyPair, type KeyPair, keyFileText } from '../io/age/key-pair.ts';
import { CommandError } from './command-error.ts';
import { signsOfAGate } from './signs-of-a-gate.ts';

const KEY_FILE = 'fevergate-photo-key.txt';
const PRIVATE_FILE = 0o600;

/** `fevergate keygen`: the key pair that photos are sealed to, made away from every gate. */
export function keygenCommand(): Command {
  return new Command('keygen')
    .description(
      "make the key pair that photos are sealed to; on the operator's own machine, never on a gate",
    )
    .addOption(
      new Option('--out <file>', 'new file for the private key, readable by you alone').default(KEY_FILE),
    )
    .addOption(new Option('--stdout', 'print the private key instead of writing a file').conflicts('out'))
    .addHelpText(
      'after',
      '\nPhotos are opened with `age -d -i FILE PHOTO`; how, step by step: docs/privacy/photos.md.',
    )
    .action(async ({ out, stdout }: { out: string; stdout?: true }) => {
      await warnOnAGate();
      const pair = await generateKeyPair();
      if (stdout) process.stdout.write(keyFileText(pair));
      else await writeNew(out, keyFileText(pair));
      const where = stdout ? 'what stdout got' : out;
      // With --stdout, what is redirected is the key file and nothing else.
      (stdout ? process.stderr : process.stdout).write(whatNext(pair, where));
    });
}

async function warnOnAGate(): Promise<void> {
  const signs = await signsOfAGate('/', process.cwd());
  if (signs.length === 0) return;
  process.stderr.write(
    `WARNING: this machine looks like a gate: ${signs.join('; ')}.\n` +
      'WARNING: a private key that was ever on a gate protects nothing. Make the key pair on a machine of your own,\n' +
      'WARNING: and delete this one.\n',
  );
}

async function writeNew(file: string, text: string): Promise<void> {
  try {
    const handle = await open(file, 'wx', PRIVATE_FILE);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      throw new CommandError(
        `--out ${file}: exists already, and a key is never overwritten: photos sealed to it could not be opened any more`,
      );
    }
    throw new CommandError(`--out ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function whatNext({ publicKey }: KeyPair, where: string): string {
  return `public key: ${publicKey}

In the gate's configuration:

  records:
    photo:
      recipient: ${publicKey}

The private key is in ${where}. Keep it, and a copy in another safe place, away from every gate: without it nobody
can open the photos. Keep it until the last photo sealed to it is deleted.
`;
}
