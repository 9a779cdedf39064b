/** Where a gate publishes: `fevergate/<site>/<gate>/...`. */
export type AlertTopics = Readonly<{ alert: string; availability: string }>;

export function topicsOf(site: string, gate: string): AlertTopics {
  const root = `fevergate/${site}/${gate}`;
  return { alert: `${root}/alert`, availability: `${root}/availability` };
}

/** Retained on the availability topic; `offline` is also the last will. */
export const ONLINE = 'online';
export const OFFLINE = 'offline';
