import { getServers } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { Command } from 'commander';
import { loadConfig } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { connectionsOf, THIS_MACHINE } from '../notice/connections.ts';

type Flags = Readonly<{ config?: string }>;

const LOOPBACK = ['127.0.0.0/8', '::1/128'] as const;
/** Networks of one's own house: RFC 1918, RFC 4193, link-local. */
const LOCAL_NETWORKS = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7', 'fe80::/10'] as const;

/** `fevergate network`: what the machine's firewall has to let through for this configuration, and nothing more. */
export function networkCommand(): Command {
  return new Command('network')
    .description(
      'print what the configuration needs of the network, for the service manager and the firewall: the addresses the gate may exchange packets with, and the TCP ports that other machines may connect to',
    )
    .option('--config <file>', 'configuration of the gate (default: the built-in defaults)')
    .action(async ({ config: file }: Flags) => {
      const config = await loadConfig(file ?? null);
      for (const address of await addressesOf(config)) print(`address ${address}`);
      for (const port of openPortsOf(config)) print(`port ${port}`);
    });
}

/**
 * The addresses (or networks) a gate may exchange packets with: the machine itself, the broker, and, where that has a
 * name, the name servers. A broker inside the gate that is open to others adds the local networks.
 */
async function addressesOf(config: Config): Promise<readonly string[]> {
  const names = connectionsOf(config.alerts.mqtt, [])
    .map(({ host }) => host)
    .filter((host) => !THIS_MACHINE.test(host));
  const known = await Promise.all(names.map((name) => (isIP(name) === 0 ? resolved(name) : [name])));
  const visitors = openPortsOf(config).length > 0 ? LOCAL_NETWORKS : [];
  return [...new Set([...LOOPBACK, ...visitors, ...known.flat()])];
}

/** A name that is not known now is told, and left to the next time. */
async function resolved(name: string): Promise<readonly string[]> {
  const servers = getServers().map((server) =>
    server.replace(/^\[(.*)\](:\d+)?$/, '$1').replace(/^([\d.]+):\d+$/, '$1'),
  );
  try {
    const found = await lookup(name, { all: true });
    return [...servers, ...found.map(({ address }) => address)];
  } catch (error) {
    process.stderr.write(
      `fevergate: ${name} is not known now (${error instanceof Error ? error.message : String(error)})\n`,
    );
    return servers;
  }
}

function openPortsOf({ alerts }: Config): readonly number[] {
  const { enabled, host, port } = alerts.mqtt.embeddedBroker;
  return enabled && !THIS_MACHINE.test(host) && port !== 0 ? [port] : [];
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
