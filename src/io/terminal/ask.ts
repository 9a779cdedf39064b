import { createInterface } from 'node:readline/promises';

/** Asks questions one after the other on a terminal. */
export interface Questions {
  /** The answer, trimmed; asked again while it is empty or too long. Rejects when the input ends or is interrupted. */
  text(question: string, mostCharacters: number): Promise<string>;
  /** True for y, yes, 예, 네. */
  confirm(question: string): Promise<boolean>;
  close(): void;
}

const YES = ['y', 'yes', '예', '네'];

export function openQuestions(
  input: NodeJS.ReadableStream = process.stdin,
  output: NodeJS.WritableStream = process.stderr,
): Questions {
  const lines = createInterface({ input, output });
  const ended = new AbortController();
  lines.once('close', () => ended.abort(new Error('no answer')));
  lines.once('SIGINT', () => lines.close());
  const ask = async (question: string): Promise<string> =>
    (await lines.question(`${question} `, { signal: ended.signal })).trim();
  return {
    async text(question, mostCharacters) {
      for (;;) {
        const answer = await ask(question);
        if (answer !== '' && answer.length <= mostCharacters) return answer;
      }
    },
    confirm: async (question) => YES.includes((await ask(question)).toLowerCase()),
    close: () => lines.close(),
  };
}
