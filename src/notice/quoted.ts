const QUOTATION_MARKS = /["„“”‟«»「」『』〝〞＂]/gu;
/** Line ends, controls, and marks that turn the direction of what follows. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/**
 * An operator's own words, as a value in one of our sentences: on one line, between quotation marks that they cannot
 * close themselves.
 */
export function quoted(words: string): string {
  return `“${words.replace(UNSEEN, ' ').replace(QUOTATION_MARKS, "'").trim()}”`;
}
