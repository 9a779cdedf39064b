import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** A server that the machine's clock service asks, and the file that says so. */
export type TimeServer = Readonly<{ host: string; file: string }>;

/** Files and folders of the clock services of Debian and Raspberry Pi OS. */
const PLACES = [
  { file: '/etc/systemd/timesyncd.conf', folder: '/etc/systemd/timesyncd.conf.d', kind: 'timesyncd' },
  { file: '/etc/chrony/chrony.conf', folder: '/etc/chrony/conf.d', kind: 'chrony' },
  { file: null, folder: '/etc/chrony/sources.d', kind: 'chrony' },
  { file: '/etc/ntpsec/ntp.conf', folder: '/etc/ntpsec/ntp.d', kind: 'chrony' },
] as const;

/**
 * Whom this machine asks for the time, by the settings of its clock service. What a DHCP server adds is not in them.
 * @param root for another tree than the machine's own
 */
export async function timeServers(root = '/'): Promise<readonly TimeServer[]> {
  const found: TimeServer[] = [];
  for (const { file, folder, kind } of PLACES) {
    const names = await readdir(path.join(root, folder)).catch(() => []);
    const files = [...(file === null ? [] : [file]), ...names.sort().map((name) => path.join(folder, name))];
    for (const one of files) {
      const text = await readFile(path.join(root, one), 'utf8').catch(() => '');
      const hosts = kind === 'timesyncd' ? timesyncdHosts(text) : ntpHosts(text);
      found.push(...hosts.map((host) => ({ host, file: one })));
    }
  }
  return found.filter(({ host }, index) => found.findIndex((other) => other.host === host) === index);
}

/** timesyncd.conf(5): NTP= goes before FallbackNTP=, whose compiled-in value stands there as a comment. */
function timesyncdHosts(text: string): readonly string[] {
  const hostsAfter = (name: RegExp): readonly string[] =>
    [...text.matchAll(name)].flatMap(([, hosts = '']) => hosts.split(/\s+/).filter((host) => host !== ''));
  const configured = hostsAfter(/^NTP=(.*)$/gm);
  return configured.length > 0 ? configured : hostsAfter(/^#?FallbackNTP=(.*)$/gm);
}

/** chrony.conf(5) and ntp.conf(5). */
function ntpHosts(text: string): readonly string[] {
  return [...text.matchAll(/^\s*(?:server|pool|peer)\s+(\S+)/gm)].map(([, host = '']) => host);
}
