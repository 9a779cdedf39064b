import type { NoticeFacts } from '../facts.ts';
import { countText, timeText } from '../labels.ts';
import type { Block, Page } from '../page.ts';
import { basis, others, storing, whoRunsIt } from './sections-ko.ts';

/** The operating policy, in Korean: what staff do, by the gate's own settings. */
export function koreanPolicy(facts: NoticeFacts): Page {
  const { storage, range } = facts;
  const photoAccess =
    storage.photo === null
      ? '사진은 저장하지 않습니다.'
      : '사진은 개인 열쇠로만 열 수 있으며 그 열쇠는 기기에 두지 않습니다. 열쇠를 가진 사람은 까닭을 적고 한 번에 한 장씩 엽니다.';
  return {
    language: 'ko',
    title: '기기 운영·관리 방침',
    madeAt: facts.madeAt,
    footer: `fevergate ${facts.softwareVersion} · ${facts.gate.site}/${facts.gate.name} · ${timeText(facts.madeAt)}`,
    blocks: [
      heading('1. 누가 어디에서'),
      ...whoRunsIt(facts),
      paragraph(
        `기기는 켜져 있는 동안 앞쪽 ${range.minM}~${range.maxM} m에 선 사람을 한 명씩 확인합니다. 안내판은 그 전에 읽을 수 있는 곳에 붙입니다. 화장실, 탈의실 등 사적인 곳에 두지 않고, 소리를 녹음하지 않으며, 멀리서 돌릴 수 없습니다.`,
      ),
      heading('2. 목적과 근거'),
      ...basis(facts).slice(1),
      heading('3. 저장하는 것과 기간'),
      ...storing(facts).slice(1),
      heading('4. 누가 볼 수 있는가'),
      {
        kind: 'list',
        items: [
          '기록은 기기를 가동하는 계정의 것이며 기기의 다른 계정은 읽을 수 없습니다.',
          '위에 적은 책임자 또는 책임자가 서면으로 정한 사람이 fevergate records로 봅니다.',
          ...(facts.login === null
            ? []
            : [
                '네트워크로 로그인한 사람도 이 명령을 쓸 수 있습니다. 열쇠는 같은 사람만 가지며 각각 암호를 겁니다.',
              ]),
          photoAccess,
          '목록의 온도는 얼굴 표면온도입니다. 어디에도 사람의 체온으로 적지 않습니다.',
        ],
      },
      heading('5. 판정에 따른 조치'),
      {
        kind: 'list',
        items: [
          '초록, 정상: 그대로 들어갑니다.',
          '빨강과 노랑, 재확인 또는 빨강, 높음: 옆으로 안내하여 실내에서 5~10분 쉬게 한 뒤 인증된 의료용 체온계로 확인합니다.',
          '그 체온계의 결과만 따릅니다. 기기의 판정만으로 아무도 돌려보내지 않습니다.',
          '결과를 입력합니다: fevergate records check NUMBER --result confirmed|cleared --temperature C --by WHO.',
          '확인을 원하지 않는 방문자에게는 다른 출입 방법을 안내합니다.',
          '예열 중이거나 사용 중지일 때는 기기를 쓰지 않고 사람이 확인합니다.',
        ],
      },
      heading('6. 삭제'),
      {
        kind: 'list',
        items: [
          `기기가 스스로 삭제합니다. ${countText(storage.capVisits)}건을 넘으면 오래된 것부터, ${storage.maximumAgeDays}일이 지나면 모두 삭제합니다. 사진, 기록, 아직 보내지 않은 알림을 함께 삭제합니다.`,
          '기기를 팔거나 반납하거나 버리기 전에 fevergate retire를 실행하고 확인서를 보관합니다.',
          '백업에는 설정과 보정값만 있고 기록은 없습니다.',
        ],
      },
      heading('7. 방문자의 요청'),
      {
        kind: 'list',
        items: [
          '방문 번호나 방문 시각을 받습니다. 이름은 묻지 않습니다.',
          '열람: fevergate records show NUMBER. 삭제: fevergate records erase.',
          '되도록 바로, 늦어도 10일 안에 답합니다.',
          '불만은 위 연락처에서 받으며, 개인정보침해 신고센터(전화 118)에 신고할 수 있습니다.',
        ],
      },
      heading('8. 제공'),
      ...others(facts).slice(1),
      {
        kind: 'list',
        items: [
          '목적, 받는 곳, 법적 근거를 적은 서면 요청이 있을 때, 그 범위의 방문만 제공합니다.',
          'fevergate records export가 이 셋을 묻고 감사 기록에 남기며 SHA-256 목록을 만듭니다.',
          '받은 곳이 사본을 언제 삭제하는지 적어 둡니다.',
        ],
      },
      heading('9. 점검'),
      {
        kind: 'list',
        items: [
          '매일: 예열 뒤 fevergate doctor. 직원 한 명을 의료용 체온계와 비교합니다.',
          '매주: fevergate records verify. 마지막 해시를 다른 곳에 적어 둡니다.',
          '설정을 바꿀 때마다 이 방침과 안내문을 다시 게시합니다. 둘 다 기기가 만듭니다.',
          storage.basis.until === null
            ? '법적 근거의 끝나는 날을 밝히지 않았습니다. 날짜를 정하고 그 전에 다시 검토하십시오.'
            : `${storage.basis.until} 전에 기기가 여전히 필요한지 검토합니다. 그날이 지나면 기기는 스스로 방문 수만 셉니다.`,
        ],
      },
    ],
  };
}

function heading(text: string): Block {
  return { kind: 'heading', level: 2, text };
}

function paragraph(text: string): Block {
  return { kind: 'paragraph', text };
}
