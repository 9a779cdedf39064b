import { openAuditTrail } from '../../src/io/store/audit-file.ts';

// audit-writer FOLDER COUNT: adds entries as fast as it can, from a process of its own.
const [directory = '', count = ''] = process.argv.slice(2);
const trail = await openAuditTrail(directory);
for (let index = 0; index < Number(count); index++) {
  await trail.append({
    event: 'start',
    version: `${process.pid}-${index}`,
    configHash: '0'.repeat(64),
    profile: 2,
  });
}
