import { configHash } from '../../config/fingerprint.ts';
import type { Config } from '../../config/schema.ts';
import { readLogin } from '../../io/linux/login.ts';
import { timeServers } from '../../io/linux/time-servers.ts';
import { readAudit } from '../../io/store/audit-file.ts';
import { readCounts } from '../../io/store/counts-file.ts';
import { readKeptProfile } from '../../io/store/profile-keeper.ts';
import { countPhotos, readVisits } from '../../io/store/read-visits.ts';
import type { NoticeFacts } from '../../notice/facts.ts';
import { noticeFacts } from '../../notice/notice-facts.ts';
import { isoSeconds } from '../../records/stored-visit.ts';
import { softwareVersion } from '../software-version.ts';

/**
 * The facts of the gate with that configuration, as its records are at this moment; also while it runs.
 * @throws StoreError when the records cannot be read: no notice is better than a wrong one
 */
export async function readFacts(config: Config): Promise<NoticeFacts> {
  const { directory } = config.records;
  const { entries, broken } = await readAudit(directory);
  return noticeFacts(config, {
    now: isoSeconds(Date.now()),
    softwareVersion: await softwareVersion(),
    configHash: configHash(config),
    visits: await readVisits(directory),
    photos: await countPhotos(directory),
    counted: (await readCounts(directory)).reduce((sum, { visits }) => sum + visits, 0),
    lastProfile: (await readKeptProfile(directory))?.profile ?? null,
    audit: { entries, whole: broken === null, headHash: entries.at(-1)?.hash ?? null },
    timeServers: await timeServers(),
    login: await readLogin(),
  });
}
