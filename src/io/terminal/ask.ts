import { createInterface } from 'node:readline/promises';

/** Asks on a terminal; no is the answer where there is none, and to anything but y or yes. */
export async function askYesNo(
  question: string,
  input: NodeJS.ReadStream,
  output: NodeJS.WriteStream,
): Promise<boolean> {
  if (!input.isTTY || !output.isTTY) return false;
  const asking = createInterface({ input, output });
  try {
    return /^y(es)?$/i.test((await asking.question(`${question} [y/N] `)).trim());
  } finally {
    asking.close();
  }
}
