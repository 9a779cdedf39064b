import { type Command, InvalidArgumentError } from 'commander';
import { openQuestions } from '../../io/terminal/ask.ts';
import { LONGEST_TEXT } from '../../records/audit-entry.ts';
import type { Language } from '../../records/words.ts';
import { CommandError } from '../command-error.ts';
import { userName } from './user-name.ts';

/** Why records are handed over, to whom, what allows it and who does it. */
export type Reasons = Readonly<{ purpose: string; recipient: string; legalBasis: string; by: string }>;

type Asked = 'purpose' | 'recipient' | 'legalBasis';
export type ReasonFlags = Readonly<Partial<Record<Asked, string>> & { by: string }>;

const FLAGS: Readonly<Record<Asked, string>> = {
  purpose: '--purpose',
  recipient: '--recipient',
  legalBasis: '--legal-basis',
};
const ASKED: readonly Asked[] = ['purpose', 'recipient', 'legalBasis'];

const QUESTIONS: Readonly<Record<Language, Readonly<Record<Asked | 'kept', string>>>> = {
  en: {
    kept: 'Purpose, recipient and legal basis are written to the audit trail and counted on the public notice.',
    purpose: 'What are the records handed over for (purpose)?',
    recipient: 'Who receives them (recipient)?',
    legalBasis: 'What allows it: law, article and paragraph, or the request it answers (legal basis)?',
  },
  ko: {
    kept: '목적, 받는 자, 법적 근거는 감사 기록에 남고 공개 안내문의 제공 건수에 포함됩니다.',
    purpose: '기록을 제공하는 목적은 무엇입니까?',
    recipient: '누구에게 제공합니까(제공받는 자)?',
    legalBasis: '법적 근거는 무엇입니까(법령·조항 또는 요청 공문)?',
  },
};

/** Adds what every hand-over must say. */
export function withReasons(command: Command): Command {
  return command
    .option('--purpose <text>', 'what the records are handed over for', reasonOf)
    .option('--recipient <who>', 'who receives them', reasonOf)
    .option('--legal-basis <text>', 'what allows it: law, article and paragraph', reasonOf)
    .option('--by <who>', 'who hands them over', reasonOf, userName());
}

/**
 * The reasons, asked for on a terminal where a flag is missing.
 * @throws CommandError naming the missing flags where nobody can be asked
 */
export async function askReasons(flags: ReasonFlags, language: Language): Promise<Reasons> {
  const missing = ASKED.filter((name) => flags[name] === undefined);
  const given = { by: flags.by, ...pick(flags) };
  if (missing.length === 0) return complete(given);
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    const names = missing.map((name) => FLAGS[name]).join(', ');
    throw new CommandError(`a hand-over must say why, to whom and what allows it: ${names} missing`);
  }
  const words = QUESTIONS[language];
  process.stderr.write(`${words.kept}\n`);
  const questions = openQuestions();
  try {
    for (const name of missing) given[name] = await questions.text(words[name], LONGEST_TEXT);
  } catch {
    throw new CommandError('not answered: nothing was handed over');
  } finally {
    questions.close();
  }
  return complete(given);
}

function pick(flags: ReasonFlags): Partial<Record<Asked, string>> {
  return Object.fromEntries(
    ASKED.flatMap((name) => (flags[name] === undefined ? [] : [[name, flags[name]]])),
  );
}

function complete({ purpose = '', recipient = '', legalBasis = '', by }: ReasonFlags): Reasons {
  return { purpose, recipient, legalBasis, by };
}

function reasonOf(text: string): string {
  const reason = text.trim();
  if (reason !== '' && reason.length <= LONGEST_TEXT) return reason;
  throw new InvalidArgumentError(`a text of 1 to ${LONGEST_TEXT} characters expected.`);
}
