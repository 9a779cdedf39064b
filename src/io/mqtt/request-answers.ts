import type { IClientPublishOptions, IPublishPacket } from 'mqtt';
import { commandAnswer, readRequest } from '../../alerts/commands.ts';
import type { Sender } from '../../alerts/payload-parts.ts';
import { commandTopics, responsesBelow } from '../../alerts/topics.ts';
import type { CommandName } from '../../domain/remote-command.ts';
import type { RemoteRequests } from '../../ports/gate-reports.ts';

export type Answer = Readonly<{ topic: string; payload: string; options: IClientPublishOptions }>;

/** Longest place for an answer that is used, characters. */
const LONGEST_TOPIC = 200;

/**
 * Has a request carried out and makes its answer; null for a retained one, which was not asked now.
 * MQTT 5: the answer goes to the request's response topic where that is below the gate's own `response/`, with its
 * correlation data.
 */
export async function answerRequest(
  name: CommandName,
  packet: IPublishPacket,
  { site, gate }: Sender,
  carryOut: RemoteRequests['carryOut'],
): Promise<Answer | null> {
  if (packet.retain) return null;
  const { asked, requestId } = readRequest(name, Buffer.from(packet.payload));
  const outcome = await carryOut(asked);
  const { responseTopic, correlationData } = packet.properties ?? {};
  return {
    topic: isOwn(responseTopic, responsesBelow(site, gate))
      ? responseTopic
      : commandTopics(site, gate, name).response,
    payload: JSON.stringify(commandAnswer(name, requestId, outcome)),
    options: {
      qos: 1,
      ...(correlationData !== undefined && { properties: { correlationData } }),
    },
  };
}

function isOwn(topic: string | undefined, below: string): topic is string {
  return (
    topic !== undefined && topic.length <= LONGEST_TOPIC && topic.startsWith(below) && !/[+#\0]/.test(topic)
  );
}
