import { Command } from 'commander';
import { loadConfig } from '../config/load.ts';
import { brokerAddress } from '../io/mqtt/configured-broker.ts';
import { forgetGate } from '../io/mqtt/forget-gate.ts';
import { CommandError } from './command-error.ts';

/** `fevergate alerts`: what subscribers know of a gate. */
export function alertsCommand(): Command {
  return new Command('alerts')
    .description('what remote subscribers know of a gate')
    .addCommand(
      new Command('forget')
        .description(
          'take back what the broker retains of a stopped gate: state, and its place in Home Assistant',
        )
        .option('--config <file>', 'configuration of the gate (default: the built-in defaults)')
        .option('--json', 'the topics taken back as JSON')
        .action(forget),
    );
}

async function forget({ config: file, json }: { config?: string; json?: true }): Promise<void> {
  const { alerts, gate } = await loadConfig(file ?? null);
  const { mqtt } = alerts;
  if (mqtt.embeddedBroker.enabled) {
    process.stdout.write(
      json ? '[]\n' : 'The broker inside the gate keeps nothing once it is stopped: nothing to take back.\n',
    );
    return;
  }
  const topics = await forgetGate({
    ...(await brokerAddress(mqtt)),
    site: gate.site,
    gate: gate.name,
    // Not the gate's own: a second client of that name would throw out a running gate.
    clientId: `${mqtt.clientId ?? `fevergate-${gate.site}-${gate.name}`}-forget`,
    discoveryPrefix: mqtt.homeAssistant.discoveryPrefix,
  }).catch((error: unknown) => {
    throw new CommandError(`${mqtt.url}: ${error instanceof Error ? error.message : String(error)}`);
  });
  if (topics === null) {
    throw new CommandError(`${gate.site}/${gate.name} is online and would tell it all again; stop it first`);
  }
  process.stdout.write(json ? `${JSON.stringify(topics)}\n` : topics.map((topic) => `${topic}\n`).join(''));
}
