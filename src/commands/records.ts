import { Command } from 'commander';
import { addAudit } from './records/audit.ts';
import { addCheck } from './records/check.ts';
import { addErase } from './records/erase.ts';
import { addExport } from './records/export.ts';
import { addList } from './records/list.ts';
import { addPhoto } from './records/photo.ts';
import { addShow } from './records/show.ts';
import { addStats } from './records/stats.ts';
import { addVerify } from './records/verify.ts';

/** `fevergate records`: what was kept, looked up, handed over, corrected and erased, also while a gate runs. */
export function recordsCommand(): Command {
  const command = new Command('records').description(
    'look up, hand over, check and erase what was kept, also while a gate runs',
  );
  for (const add of [
    addList,
    addShow,
    addStats,
    addExport,
    addPhoto,
    addCheck,
    addErase,
    addVerify,
    addAudit,
  ])
    add(command);
  return command;
}
