import type { Outcome } from '../domain/visit.ts';
import type { StoredVisit } from './stored-visit.ts';

/** Languages that records are shown in. */
export type Language = 'en' | 'ko';

/** How records are named to people. The gate reads a face surface temperature. */
export type RecordWords = Readonly<{
  number: string;
  time: string;
  class: string;
  mask: string;
  temperature: string;
  limit: string;
  check: string;
  /** What an elevated or recheck visit asks for. */
  advice: string;
  classes: Readonly<Record<Outcome, string>>;
  masks: Readonly<Record<StoredVisit['mask'], string>>;
  checks: Readonly<Record<'confirmed' | 'cleared', string>>;
}>;

export const WORDS: Readonly<Record<Language, RecordWords>> = {
  en: {
    number: 'visit No.',
    time: 'time',
    class: 'class',
    mask: 'mask',
    temperature: 'face surface',
    limit: 'limit',
    check: 'check',
    advice: 'elevated and recheck ask for a check with a certified clinical thermometer',
    classes: { normal: 'normal', recheck: 'recheck', elevated: 'elevated' },
    masks: { worn: 'worn', 'not-worn': 'not worn', unsure: 'unsure' },
    checks: { confirmed: 'confirmed', cleared: 'cleared' },
  },
  ko: {
    number: '방문 번호',
    time: '시각',
    class: '판정',
    mask: '마스크',
    temperature: '얼굴 표면온도',
    limit: '한계',
    check: '확인 결과',
    advice: '높음과 재확인은 인증된 의료용 체온계로 확인해야 합니다',
    classes: { normal: '정상', recheck: '재확인', elevated: '높음' },
    masks: { worn: '착용', 'not-worn': '미착용', unsure: '불확실' },
    checks: { confirmed: '발열 확인', cleared: '이상 없음' },
  },
};
