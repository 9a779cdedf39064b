import { countText, timeText } from '../labels.ts';
import type { Block, Language, Page } from '../page.ts';

/** What a retired device's certificate says. */
export type CertificateFacts = Readonly<{
  /** ISO 8601 with offset. */
  at: string;
  softwareVersion: string;
  gate: Readonly<{ site: string; name: string }>;
  visits: number;
  photos: number;
  alerts: number;
  sensorImages: number;
  files: number;
  bytes: number;
  /** Of the broker: null: none is configured; else whether its file was destroyed. */
  passwordDestroyed: boolean | null;
  audit: Readonly<{ entries: number; whole: boolean; headHash: string | null }>;
  /** Files in the folder that are not the gate's, and stay. */
  left: readonly string[];
}>;

type Words = Readonly<{
  title: string;
  intro: string;
  rows: (facts: CertificateFacts) => readonly (readonly [string, string])[];
  left: (files: readonly string[]) => string;
  remainsTitle: string;
  remains: readonly string[];
  signature: string;
}>;

/** The certificate of a device whose records were destroyed. */
export function certificateOf(facts: CertificateFacts, language: Language): Page {
  const words = WORDS[language];
  const left: Block[] = facts.left.length === 0 ? [] : [{ kind: 'note', text: words.left(facts.left) }];
  return {
    language,
    title: words.title,
    madeAt: facts.at,
    footer: `fevergate ${facts.softwareVersion} · ${facts.gate.site}/${facts.gate.name} · ${timeText(facts.at)}`,
    blocks: [
      { kind: 'paragraph', text: words.intro },
      { kind: 'table', columns: [words.title, ''], rows: words.rows(facts) },
      ...left,
      { kind: 'heading', level: 2, text: words.remainsTitle },
      { kind: 'list', items: words.remains },
      { kind: 'paragraph', text: words.signature },
    ],
  };
}

const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    title: 'Certificate of erasure',
    intro:
      'The keys of the photos were destroyed first, then every other file was overwritten with random bytes, written through to the disk and removed. The device starts empty.',
    rows: (facts) => [
      ['When', timeText(facts.at)],
      ['Gate', `${facts.gate.site} / ${facts.gate.name}`],
      ['Software', `fevergate ${facts.softwareVersion}`],
      ['Visits erased', countText(facts.visits)],
      ['Photos erased, with their keys', countText(facts.photos)],
      ['Waiting alerts erased', countText(facts.alerts)],
      ['Calibration images of sensors erased', countText(facts.sensorImages)],
      ['Files, bytes', `${countText(facts.files)}, ${countText(facts.bytes)}`],
      ['Password of the broker', PASSWORD.en(facts.passwordDestroyed)],
      [
        'Audit trail, closed and erased',
        `${countText(facts.audit.entries)} entries, ${facts.audit.whole ? 'whole' : 'NOT whole'}`,
      ],
      ['Its last hash', facts.audit.headHash ?? 'none'],
    ],
    left: (files) => `Not the gate’s, and left where they are: ${files.join(', ')}`,
    remainsTitle: 'What remains possible',
    remains: [
      'Flash memory keeps overwritten bytes until its controller reuses the place: someone with the card and special equipment may find old records. Photos found that way are sealed twice, and one of the keys no longer exists.',
      'Copies outside the device: exports handed over, alerts that subscribers kept, backups, disk images.',
      'The logs of the machine; they hold no temperature, no picture and nothing of a person.',
      'To be sure, destroy the card.',
    ],
    signature: 'Done by, signature: ______________________________',
  },
  ko: {
    title: '삭제 확인서',
    intro:
      '사진의 열쇠를 먼저 파기한 뒤, 다른 모든 파일을 무작위 값으로 덮어쓰고 디스크까지 기록한 다음 삭제했습니다. 기기는 빈 상태로 시작합니다.',
    rows: (facts) => [
      ['시각', timeText(facts.at)],
      ['기기', `${facts.gate.site} / ${facts.gate.name}`],
      ['소프트웨어', `fevergate ${facts.softwareVersion}`],
      ['삭제한 방문', `${countText(facts.visits)}건`],
      ['열쇠와 함께 삭제한 사진', `${countText(facts.photos)}장`],
      ['삭제한 보내지 않은 알림', `${countText(facts.alerts)}건`],
      ['삭제한 센서 보정값', `${countText(facts.sensorImages)}개`],
      ['파일, 바이트', `${countText(facts.files)}, ${countText(facts.bytes)}`],
      ['브로커 암호', PASSWORD.ko(facts.passwordDestroyed)],
      [
        '닫고 삭제한 감사 기록',
        `${countText(facts.audit.entries)}건, ${facts.audit.whole ? '온전함' : '온전하지 않음'}`,
      ],
      ['감사 기록의 마지막 해시', facts.audit.headHash ?? '없음'],
    ],
    left: (files) => `기기의 것이 아니어서 그대로 둔 파일: ${files.join(', ')}`,
    remainsTitle: '그래도 남을 수 있는 것',
    remains: [
      '플래시 메모리는 덮어쓴 값을 그 자리를 다시 쓸 때까지 지니고 있습니다. 카드와 특수 장비가 있으면 옛 기록을 찾을 수도 있습니다. 그렇게 찾은 사진은 두 겹으로 봉인되어 있고 열쇠 하나는 더 이상 없습니다.',
      '기기 밖의 사본: 넘겨준 기록, 알림을 받은 쪽의 사본, 백업, 디스크 이미지.',
      '기기의 로그. 온도, 영상, 사람에 관한 것은 들어 있지 않습니다.',
      '확실히 하려면 카드를 파기하십시오.',
    ],
    signature: '실행한 사람, 서명: ______________________________',
  },
};

const PASSWORD: Readonly<Record<Language, (destroyed: boolean | null) => string>> = {
  en: (destroyed) =>
    destroyed === null ? 'no file is configured' : destroyed ? 'its file was destroyed' : 'its file was LEFT',
  ko: (destroyed) =>
    destroyed === null ? '설정된 파일 없음' : destroyed ? '파일을 파기함' : '파일을 그대로 둠',
};
