import type { Command } from 'commander';
import { readVisits } from '../../io/store/read-visits.ts';
import { statisticsChart } from '../../io/terminal/statistics-chart.ts';
import { statisticsOf, type VisitStatistics } from '../../records/visit-statistics.ts';
import { type PlaceFlags, type RecordsPlace, recordsPlace, withPlace } from './place.ts';

/** `fevergate records stats`. */
export function addStats(records: Command): void {
  withPlace(records.command('stats').description('count the visits held by day and class'))
    .option('--json', 'as JSON')
    .action(async (flags: PlaceFlags & Readonly<{ json?: true }>) => {
      const place = await recordsPlace(flags);
      const statistics = statisticsOf(await readVisits(place.directory));
      const { profile, capVisits, maximumAgeDays } = place.config.records;
      if (flags.json) {
        const told = { profile, capVisits, maximumAgeDays, ...statistics };
        process.stdout.write(`${JSON.stringify(told, null, 2)}\n`);
        return;
      }
      process.stdout.write(`${overview(statistics, place)}\n\n`);
      process.stdout.write(statisticsChart(statistics, flags.lang, process.stdout.isTTY));
    });
}

function overview(statistics: VisitStatistics, { config }: RecordsPlace): string {
  const { held, oldest, newest, untrustedTimes } = statistics;
  const { profile, capVisits, maximumAgeDays } = config.records;
  return [
    `profile ${profile}; ${held} of at most ${capVisits} visits held, for ${maximumAgeDays} days at most`,
    ...(oldest === null || newest === null
      ? []
      : [
          `oldest: visit No. ${oldest.number}, ${oldest.time}`,
          `newest: visit No. ${newest.number}, ${newest.time}`,
        ]),
    ...(untrustedTimes === 0 ? [] : [`times that nobody vouches for: ${untrustedTimes}`]),
  ].join('\n');
}
