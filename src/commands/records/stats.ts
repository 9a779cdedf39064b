import type { Command } from 'commander';
import { readCounts } from '../../io/store/counts-file.ts';
import { readKeptProfile } from '../../io/store/profile-keeper.ts';
import { readVisits } from '../../io/store/read-visits.ts';
import { statisticsChart } from '../../io/terminal/statistics-chart.ts';
import type { DayCounts } from '../../records/visit-counts.ts';
import { type DayStatistics, statisticsOf, type VisitStatistics } from '../../records/visit-statistics.ts';
import type { Language } from '../../records/words.ts';
import { type PlaceFlags, type RecordsPlace, recordsPlace, withPlace } from './place.ts';

type Overview = Readonly<{
  profile: (profile: number) => string;
  held: (held: number, cap: number, days: number) => string;
  oldest: (number: number, time: string) => string;
  newest: (number: number, time: string) => string;
  untrusted: (count: number) => string;
  counted: string;
  dayUnknown: string;
}>;

const WORDS: Readonly<Record<Language, Overview>> = {
  en: {
    profile: (profile) => `storage profile ${profile}`,
    held: (held, cap, days) => `${held} of at most ${cap} visits held, for ${days} days at most`,
    oldest: (number, time) => `oldest: visit No. ${number}, ${time}`,
    newest: (number, time) => `newest: visit No. ${number}, ${time}`,
    untrusted: (count) => `times that nobody vouches for: ${count}`,
    counted: 'visits counted and not kept:',
    dayUnknown: 'no day    ',
  },
  ko: {
    profile: (profile) => `보관 단계 ${profile}`,
    held: (held, cap, days) => `방문 ${held}건 보관 (최대 ${cap}건, 최장 ${days}일)`,
    oldest: (number, time) => `가장 오래된 방문: ${number}번, ${time}`,
    newest: (number, time) => `가장 새로운 방문: ${number}번, ${time}`,
    untrusted: (count) => `시계가 동기화되지 않은 때의 방문: ${count}건`,
    counted: '보관하지 않고 세기만 한 방문:',
    dayUnknown: '날짜 모름 ',
  },
};

/** `fevergate records stats`. */
export function addStats(records: Command): void {
  withPlace(records.command('stats').description('count the visits by day and class'))
    .option('--json', 'as JSON')
    .action(async (flags: PlaceFlags & Readonly<{ json?: true }>) => {
      const place = await recordsPlace(flags);
      const statistics = statisticsOf(await readVisits(place.directory));
      const counted = await readCounts(place.directory);
      const { capVisits, maximumAgeDays } = place.config.records;
      const profile = (await readKeptProfile(place.directory))?.profile ?? place.config.records.profile;
      if (flags.json) {
        const told = { profile, capVisits, maximumAgeDays, ...statistics, counted };
        process.stdout.write(`${JSON.stringify(told, null, 2)}\n`);
        return;
      }
      const { lang } = flags;
      const chart = (days: readonly DayStatistics[]): string =>
        statisticsChart(days, lang, process.stdout.isTTY);
      process.stdout.write(`${WORDS[lang].profile(profile)}\n${overview(statistics, place, lang)}\n`);
      if (statistics.held > 0) process.stdout.write(`\n${chart(statistics.days)}`);
      if (counted.length > 0)
        process.stdout.write(`\n${WORDS[lang].counted}\n${chart(counted.map((day) => asDay(day, lang)))}`);
    });
}

function overview(statistics: VisitStatistics, { config }: RecordsPlace, language: Language): string {
  const words = WORDS[language];
  const { held, oldest, newest, untrustedTimes } = statistics;
  const { capVisits, maximumAgeDays } = config.records;
  return [
    words.held(held, capVisits, maximumAgeDays),
    ...(oldest === null ? [] : [words.oldest(oldest.number, oldest.time)]),
    ...(newest === null ? [] : [words.newest(newest.number, newest.time)]),
    ...(untrustedTimes === 0 ? [] : [words.untrusted(untrustedTimes)]),
  ].join('\n');
}

function asDay({ day, normal, recheck, elevated }: DayCounts, language: Language): DayStatistics {
  return { day: day ?? WORDS[language].dayUnknown, classes: { normal, recheck, elevated } };
}
