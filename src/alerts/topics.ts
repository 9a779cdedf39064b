/** The topics of one gate. */
export type Topics = Readonly<{
  /** Alerts; never retained. */
  alert: string;
  /** `online` or `offline`; retained. */
  availability: string;
}>;

/** Seconds after which a broker drops an undelivered alert (MQTT 5): its queue is no archive. */
export const ALERT_EXPIRY_S = 15 * 60;

export function topicsOf(site: string, gate: string): Topics {
  const base = `fevergate/${site}/${gate}`;
  return { alert: `${base}/alert`, availability: `${base}/availability` };
}
