import type { NoticeFacts } from '../facts.ts';
import { timeText } from '../labels.ts';
import { KOREAN as words } from '../labels-ko.ts';
import type { Block, Page } from '../page.ts';
import { openRisks, type Risk } from '../risks.ts';
import { basis, differences, others, storing, whoRunsIt } from './sections-ko.ts';

/** A draft of the operator's self-assessment (data protection impact assessment), in Korean. */
export function koreanAssessment(facts: NoticeFacts): Page {
  return {
    language: 'ko',
    title: '기기의 개인정보 영향 자체 평가 (초안)',
    madeAt: facts.madeAt,
    footer: `fevergate ${facts.softwareVersion} · ${facts.gate.site}/${facts.gate.name} · ${timeText(facts.madeAt)}`,
    blocks: [
      {
        kind: 'note',
        text: '설정과 기록에서 만든 초안입니다. 판단은 운영자의 몫입니다. 채우고 서명하며, 무엇인가 바뀌면 다시 만드십시오.',
      },
      heading('1. 처리하는 것'),
      ...whoRunsIt(facts),
      ...storing(facts).slice(1),
      ...others(facts).slice(1),
      heading('2. 근거와 목적'),
      ...basis(facts).slice(1),
      heading('3. 꼭 필요한가'),
      {
        kind: 'table',
        columns: ['항목', '필요한 까닭', '없이도 되는가'],
        rows: [
          ['몇 초 동안의 카메라 영상', '얼굴을 찾기 위해', '아니요. 얼굴 없이는 잴 자리를 알 수 없음'],
          ['몇 초 동안의 열화상', '온도', '아니요'],
          ...facts.storage.items.map(({ item }) => [
            words.item[item],
            words.why[item],
            item === 'count' ? '예. 저장 단계 0' : '예. 저장 단계 0 또는 1',
          ]),
        ],
      },
      heading('4. 방문자를 보호하는 것'),
      {
        kind: 'list',
        items: [
          '검출만 합니다. 누구인지 인식할 수 있는 것은 소프트웨어에 없으며, 바꿀 때마다 검사합니다.',
          '영상은 메모리에만 있습니다. 시스템 호출 추적이 시험에 들어 있습니다.',
          '정상 방문에는 온도가 없습니다. 기록 형식에 그 자리가 없습니다.',
          '기기가 건수와 기간에 따라 스스로 삭제하고, 삭제한 수를 셉니다.',
          '감사 기록은 사슬로 이어져 있어 고치거나 빠진 것이 드러납니다.',
          '네트워크로 나가는 길은 하나이며 사진이 나가는 길은 없습니다. 모든 패킷을 잡아 시험합니다.',
          '높음과 재확인은 의료용 체온계로 확인하도록 요청합니다. 기기가 출입을 막지 않습니다.',
        ],
      },
      heading('5. 남은 위험'),
      {
        kind: 'table',
        columns: ['위험', '할 일'],
        rows: openRisks(facts).map((risk) => [...RISKS[risk]]),
      },
      heading('6. 2020년 구청의 답변'),
      ...differences(facts).slice(1),
      heading('7. 운영자의 결론'),
      { kind: 'paragraph', text: '기기가 여전히 필요하고 더 가벼운 방법은 없는가. 누가 언제 판단했는가:' },
      { kind: 'paragraph', text: '____________________________________________________________' },
    ],
  };
}

const RISKS: Readonly<Record<Risk, readonly [risk: string, remedy: string]>> = {
  'not-named': [
    '운영 주체, 연락처, 목적 또는 근거를 밝히지 않았습니다.',
    '안내문에 밝히지 않은 것으로 나온 설정을 채우십시오.',
  ],
  'no-basis': ['근거 없이 저장하고 있습니다.', '근거를 밝히거나 저장 단계를 0으로 낮추십시오.'],
  'basis-not-in-force': ['밝힌 근거가 오늘 효력이 없습니다.', '날짜를 바로잡거나 방문 수만 세게 하십시오.'],
  'consent-outside': [
    '기기는 동의를 받을 수 없습니다.',
    '기기 앞에 서기 전에 받고, 거부하는 사람에게 다른 출입 방법을 주십시오.',
  ],
  'photos-kept': [
    '얼굴 사진을 저장합니다. 개인정보보호위원회(2020-11-05)는 이를 원칙적으로 금지합니다.',
    '법률이 요구하지 않으면 단계 2로 낮추고, 아니면 동의를 받고 4주 안에 삭제하십시오.',
  ],
  'photos-unmasked': [
    '마스크를 쓰지 않은 방문자의 흐린 사진을 저장합니다. 옷과 장소로 누구인지 알 수도 있습니다.',
    'records.photo.withoutMask: none',
  ],
  'one-key': [
    '사진을 열쇠 하나로 봉인합니다. 잃으면 아무도 열 수 없고, 훔친 사람은 열 수 있습니다.',
    '열쇠를 네트워크 밖의 두 곳에 보관하십시오.',
  ],
  'alerts-plain': ['알림이 암호화되지 않고 다른 기기로 갑니다.', 'TLS를 쓰십시오.'],
  'alerts-copies': [
    '알림을 받는 쪽에 기기가 삭제할 수 없는 사본이 남습니다.',
    '삭제를 약속받고, 받는 곳을 줄이며 각각 암호를 두십시오.',
  ],
  'open-broker': ['기기 안의 브로커는 암호를 묻지 않습니다.', '사용자 이름과 암호를 정하십시오.'],
  commands: [
    '기기가 브로커의 허용을 받은 사람의 요청을 네트워크로 따릅니다.',
    '브로커의 접근 목록으로 요청 토픽을 제한하고 감사 기록을 살피십시오.',
  ],
  login: [
    '운영자의 열쇠나 운영체제가 묻는 것을 가진 사람은 로그인하여 저장된 것을 모두 볼 수 있습니다.',
    '열쇠를 적게 두고 각각 암호를 거십시오. 필요 없을 때는 닫으십시오(열쇠가 없는 ssh-keys.txt).',
  ],
  'handed-over-copies': [
    '사본을 넘겨주었습니다. 기기가 삭제할 수 없습니다.',
    '받은 곳에 삭제 확인을 요청하십시오.',
  ],
  'clock-unkept': [
    '기기 설정에서 시각 서버를 찾지 못했습니다. 보관 기간이 틀릴 수 있습니다.',
    'systemd-timesyncd 또는 chrony를 설정하십시오.',
  ],
  'trail-broken': [
    '감사 기록이 온전하지 않습니다.',
    '까닭을 찾으십시오. fevergate records verify가 처음 끊긴 곳을 알려 줍니다.',
  ],
  'other-config': ['기기는 다른 설정으로 시작되었습니다.', '그 설정으로 이 초안을 만드십시오.'],
  'notice-not-published': ['안내문을 게시한 주소가 없습니다.', '게시하고 operator.noticeUrl을 설정하십시오.'],
  'flash-remains': [
    '플래시 메모리는 삭제한 기록의 옛 사본을 다시 쓸 때까지 지니고 있을 수 있습니다. 사진은 열쇠가 없는 봉인된 것만 남습니다.',
    '디스크를 암호화하고, 밖으로 나가는 기기의 카드는 파기하십시오.',
  ],
  accuracy: [
    '32x24 화소이며 불확도는 0.1도 단위입니다. 열을 놓치거나 건강한 사람을 멈춰 세울 수 있습니다. 의료기기가 아니며 IEC 80601-2-59에 맞지 않습니다.',
    '매일 의료용 체온계와 비교하고, 이 기기만 믿지 마십시오.',
  ],
  'people-decide': [
    '직원이 판정을 진단으로 여길 수 있습니다.',
    '운영 방침에 따라 교육하고, 매번 체온계로 확인하십시오.',
  ],
};

function heading(text: string): Block {
  return { kind: 'heading', level: 2, text };
}
