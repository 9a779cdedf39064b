import type { Signal } from '../../domain/signal.ts';

/** What the gate says to the visitor: English, Korean. */
export const PROMPTS: Readonly<Record<Signal, readonly [string, string]>> = {
  idle: ['ready', '대기 중'],
  'look-here': ['look here', '여기를 보세요'],
  'come-closer': ['come closer', '가까이 오세요'],
  'step-back': ['step back', '뒤로 물러나세요'],
  'step-left': ['step to your left', '왼쪽으로 가세요'],
  'step-right': ['step to your right', '오른쪽으로 가세요'],
  'one-at-a-time': ['one at a time', '한 분씩 오세요'],
  'move-to-middle': ['stand in the middle', '가운데로 서 주세요'],
  'hold-still': ['hold still', '움직이지 마세요'],
  measuring: ['measuring', '측정 중'],
  'second-look': ['one more look', '다시 확인합니다'],
  normal: ['normal', '정상'],
  recheck: ['recheck: clinical thermometer', '체온계로 재확인'],
  elevated: ['elevated: clinical thermometer, human', '높음: 체온계와 직원 확인'],
  'wait-indoors': ['wait five minutes indoors', '실내에서 5분 기다려 주세요'],
  'check-equipment': ['check the equipment', '장비를 점검하세요'],
  'warming-up': ['warming up', '준비 중'],
  'out-of-service': ['out of service', '사용 중지'],
};
