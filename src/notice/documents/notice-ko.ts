import type { NoticeFacts } from '../facts.ts';
import { countText, timeText } from '../labels.ts';
import { KOREAN as words } from '../labels-ko.ts';
import type { Block, Page } from '../page.ts';
import { quoted } from '../quoted.ts';
import { basis, differences, others, storing, whoRunsIt } from './sections-ko.ts';

/** The public notice, in Korean. */
export function koreanNotice(facts: NoticeFacts): Page {
  return {
    language: 'ko',
    title: '이 기기가 방문자에게 하는 일',
    madeAt: facts.madeAt,
    footer: `fevergate ${facts.softwareVersion} · ${facts.gate.site}/${facts.gate.name} · ${timeText(facts.madeAt)}`,
    blocks: [
      ...whoRunsIt(facts),
      ...needAndForm(facts),
      ...judgedAndKept(facts),
      ...basis(facts),
      ...storing(facts),
      ...others(facts),
      ...differences(facts),
      ...rights(facts),
      ...limits,
      ...state(facts),
    ],
  };
}

function needAndForm({ storage }: NoticeFacts): Block[] {
  const photo =
    storage.photo === null
      ? '누구의 사진도 저장하지 않습니다.'
      : `저장하는 사진은 위치, 기기, 일련번호가 들어 있지 않은 최대 160x200 화소의 일반 얼굴 사진 한 장이며, 기기에서 운영자의 열쇠 ${storage.photo.keys}개로 봉인합니다. 기기 자신은 열 수 없습니다.`;
  return [
    { kind: 'heading', level: 2, text: '1-1. 왜 얼굴이 필요합니까?' },
    {
      kind: 'paragraph',
      text: '기기는 얼굴 윗부분 피부의 온도를 읽습니다. 그곳이 어디인지 알기 위해 카메라 영상에서 얼굴을 찾습니다. 손, 뒷머리, 따뜻한 컵에서는 온도를 전혀 읽지 않습니다. 마스크를 써도 됩니다.',
    },
    { kind: 'heading', level: 2, text: '1-2. 얼굴을 어떤 형태로 씁니까?' },
    {
      kind: 'paragraph',
      text: `영상 속의 사각형으로만 씁니다. 얼굴이 있다는 것을 검출할 뿐 누구인지 인식하지 않습니다. 사람을 구별할 수 있는 템플릿이나 수치를 만들지 않으며, 만들 수 있는 프로그램도 들어 있지 않습니다. 같은 사람의 두 방문을 이을 수 없습니다. ${photo}`,
    },
  ];
}

function judgedAndKept({ storage }: NoticeFacts): Block[] {
  const kept: Record<typeof storage.inForce, string> = {
    0: '아무것도 저장하지 않습니다.',
    1: '방문 수만 저장합니다.',
    2: '방문마다 질문 5의 표에 있는 항목을 저장하며, 정상 방문의 온도는 저장하지 않습니다.',
    3: '방문마다 봉인된 사진을 포함하여 질문 5의 표에 있는 항목을 저장하며, 정상 방문의 온도는 저장하지 않습니다.',
  };
  return [
    { kind: 'heading', level: 2, text: '2. 순간적으로 판별하는 것과 저장하는 것은 무엇입니까?' },
    {
      kind: 'paragraph',
      text: '방문자가 서 있는 몇 초 동안 얼굴 표면온도와 마스크를 판별합니다. 카메라 영상과 열화상은 그 몇 초 동안 메모리에만 있고 파일로 쓰지 않습니다.',
    },
    { kind: 'paragraph', text: kept[storage.inForce] },
    { kind: 'heading', level: 2, text: '3. 얼굴 자료집이 있습니까?' },
    {
      kind: 'paragraph',
      text: '없습니다. 들여올 방법도 없으며, 직원, 주민, 단체를 입력한 기록도 없습니다.',
    },
  ];
}

function rights({ operator, storage }: NoticeFacts): Block[] {
  const where = operator.contact === null ? words.missing : quoted(operator.contact);
  return [
    { kind: 'heading', level: 2, text: '기록을 확인하거나 삭제하려면' },
    {
      kind: 'paragraph',
      text:
        storage.inForce >= 2
          ? `판정과 함께 보인 방문 번호나 방문 시각을 연락처에 알리면 됩니다: ${where}. 이름은 필요 없습니다. 기록, 사진, 아직 알리지 않은 알림을 함께 삭제합니다. 삭제했다는 사실만 남고 누구의 것인지는 남지 않습니다.`
          : `저장 단계 ${storage.inForce}에서는 방문 하나하나의 기록을 저장하지 않습니다. 문의할 연락처: ${where}.`,
    },
  ];
}

const limits: Block[] = [
  { kind: 'heading', level: 2, text: '이 기기가 아닌 것' },
  {
    kind: 'paragraph',
    text: '의료기기가 아닙니다. 얼굴의 표면온도를 읽으며 체온을 재지 않습니다. 높음과 재확인은 사람이 인증된 의료용 체온계로 확인하도록 요청하는 것이며, 그것만으로 출입을 거부할 까닭이 되지 않습니다. 알림이 없다고 열이 없다는 뜻은 아닙니다.',
  },
];

function state(facts: NoticeFacts): Block[] {
  const { audit, isRunningConfig } = facts;
  return [
    { kind: 'heading', level: 2, text: '기기의 상태' },
    {
      kind: 'table',
      columns: ['상태', ''],
      rows: [
        ['이 안내문을 만든 시각', timeText(facts.madeAt)],
        ['기기', `${facts.gate.site} / ${facts.gate.name}`],
        ['소프트웨어', `fevergate ${facts.softwareVersion}`],
        ['설정, SHA-256', facts.configHash],
        [
          '설정을 마지막으로 바꾼 때',
          facts.configChangedAt === null ? '아직 가동한 적 없음' : timeText(facts.configChangedAt),
        ],
        ['감사 기록', `${countText(audit.entries)}건, ${audit.whole ? '온전함' : '온전하지 않음'}`],
        ['감사 기록의 마지막 해시', audit.headHash ?? '없음'],
      ],
    },
    ...(isRunningConfig === false
      ? [
          {
            kind: 'note' as const,
            text: '기기는 이 안내문을 만든 설정과 다른 설정으로 마지막에 시작되었습니다.',
          },
        ]
      : []),
  ];
}
