import type { NoticeFacts } from '../facts.ts';
import type { Language, Page } from '../page.ts';
import { englishAssessment } from './assessment-en.ts';
import { koreanAssessment } from './assessment-ko.ts';
import { englishNotice } from './notice-en.ts';
import { koreanNotice } from './notice-ko.ts';
import { englishPolicy } from './policy-en.ts';
import { koreanPolicy } from './policy-ko.ts';

/** The documents in running text, in both languages. */
export const DOCUMENTS: Readonly<
  Record<'notice' | 'policy' | 'assessment', Readonly<Record<Language, (facts: NoticeFacts) => Page>>>
> = {
  notice: { ko: koreanNotice, en: englishNotice },
  policy: { ko: koreanPolicy, en: englishPolicy },
  assessment: { ko: koreanAssessment, en: englishAssessment },
};
