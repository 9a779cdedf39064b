import type { CommandName } from '../domain/remote-command.ts';

/** The topics of one gate. */
export type Topics = Readonly<{
  /** Alerts; never retained. */
  alert: string;
  /** `online` or `offline`; retained. */
  availability: string;
  /** How the gate is; retained. */
  state: string;
  /** Visits of the day; never retained. */
  counts: string;
  /** How the machine is; never retained. */
  health: string;
}>;

export const COMMAND_NAMES: readonly CommandName[] = ['mute', 'acknowledge', 'check', 'refresh'];

export function topicsOf(site: string, gate: string): Topics {
  const base = baseOf(site, gate);
  return {
    alert: `${base}/alert`,
    availability: `${base}/availability`,
    state: `${base}/state`,
    counts: `${base}/counts`,
    health: `${base}/health`,
  };
}

/** Where a command is asked, and where its answer goes unless the request names a place below the same folder. */
export function commandTopics(
  site: string,
  gate: string,
  name: CommandName,
): Readonly<{ request: string; response: string }> {
  const base = baseOf(site, gate);
  return { request: `${base}/request/${name}`, response: `${base}/response/${name}` };
}

/** Below this a request may have its answer sent: nobody makes the gate write to other topics. */
export function responsesBelow(site: string, gate: string): string {
  return `${baseOf(site, gate)}/response/`;
}

function baseOf(site: string, gate: string): string {
  return `fevergate/${site}/${gate}`;
}
