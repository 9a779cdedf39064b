import { COMMAND_NAMES, commandTopics, type Topics, topicsOf } from './topics.ts';

const PLACES = { site: '{site}', gate: '{gate}' };
const PARAMETERS = {
  site: { description: 'gate.site of the configuration' },
  gate: { description: 'gate.name of the configuration' },
};

/** How each topic is used; retained ones tell a newcomer what is so. */
const TOLD: Readonly<Record<keyof Topics, Readonly<{ summary: string; qos: 0 | 1; retain: boolean }>>> = {
  alert: { summary: 'An elevated visit; at least once, in order', qos: 1, retain: false },
  availability: { summary: 'online or offline; also the last will', qos: 1, retain: true },
  state: { summary: 'How the gate is', qos: 1, retain: true },
  counts: { summary: 'Visits of the day', qos: 0, retain: false },
  health: { summary: 'How the machine is', qos: 0, retain: false },
};

/** The topics as an AsyncAPI 3.0 document, seen from the gate: it sends what it tells and receives requests. */
export function asyncApi(): object {
  const told = Object.entries(topicsOf(PLACES.site, PLACES.gate)).map(([name, address]) => ({
    name,
    address,
    action: 'send',
    ...TOLD[name as keyof Topics],
  }));
  const asked = COMMAND_NAMES.flatMap((name) => {
    const { request, response } = commandTopics(PLACES.site, PLACES.gate, name);
    return [
      {
        name: `request-${name}`,
        address: request,
        action: 'receive',
        summary: `Asks: ${name}`,
        qos: 1,
        retain: false,
      },
      {
        name: `response-${name}`,
        address: response,
        action: 'send',
        summary: `Answers: ${name}`,
        qos: 1,
        retain: false,
      },
    ];
  });
  const all = [...told, ...asked];
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'fevergate',
      version: '1.0.0',
      description:
        'What a fever-screening gate tells by MQTT, and what it may be asked. No picture and nobody’s name.',
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(
      all.map(({ name, address, summary }) => [
        name,
        { address, summary, parameters: PARAMETERS, messages: { [name]: messageOf(name) } },
      ]),
    ),
    operations: Object.fromEntries(
      all.map(({ name, action, qos, retain }) => [
        name,
        { action, channel: { $ref: `#/channels/${name}` }, bindings: { mqtt: { qos, retain } } },
      ]),
    ),
  };
}

function messageOf(name: string): object {
  if (name === 'availability') {
    return { contentType: 'text/plain', payload: { type: 'string', enum: ['online', 'offline'] } };
  }
  const file = name.startsWith('response-') ? 'response' : name;
  return {
    payload: {
      schemaFormat: 'application/schema+json;version=draft-2020-12',
      schema: { $ref: `./${file}.schema.json` },
    },
  };
}
