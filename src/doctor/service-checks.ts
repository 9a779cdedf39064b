import type { Config } from '../config/schema.ts';
import { greetBroker } from '../io/mqtt/broker-greeting.ts';
import { brokerAddress } from '../io/mqtt/configured-broker.ts';
import { VisionError } from '../io/tfjs/vision-error.ts';
import { openFaceFinder } from '../io/tfjs/worker-face-finder.ts';
import { type Finding, failed, failedBy, ok, skipped, warning } from './finding.ts';

/** A grey frame to run the models on once, pixels. */
const FRAME = { width: 640, height: 480 } as const;
const GREY = 128;
/** Slower than this visitors wait for the camera, ms. */
const SLOW_MS = 150;

/** Whether the broker takes this gate's connection. */
export async function checkBroker({ alerts, gate }: Config): Promise<Finding> {
  const { mqtt } = alerts;
  if (!mqtt.enabled) return skipped('broker', 'alerts.mqtt.enabled is false: nobody is told');
  if (mqtt.embeddedBroker.enabled) return ok('broker', 'starts inside the gate');
  try {
    const { protocol, tookMs } = await greetBroker({
      ...(await brokerAddress(mqtt)),
      // Not the gate's own: a second client of that name would throw out a running gate.
      clientId: `${mqtt.clientId ?? `fevergate-${gate.site}-${gate.name}`}-doctor`,
    });
    return ok('broker', `${mqtt.url} answers, MQTT ${protocol}, ${tookMs.toFixed(0)} ms`);
  } catch (error) {
    return failed(
      'broker',
      `${mqtt.url}: ${error instanceof Error ? error.message : String(error)}`,
      'check alerts.mqtt.url, username, passwordFile, caFile, certFile and keyFile, and that the broker runs; visits go on without it',
    );
  }
}

/** Whether the models are what they were made as, and run. */
export async function checkModels({ vision }: Config): Promise<Finding> {
  try {
    const finder = await openFaceFinder(vision);
    try {
      const { width, height } = FRAME;
      const data = new Uint8Array((width * height * 3) / 2).fill(GREY);
      // The first run compiles; the second is what a frame takes.
      await finder.find({ ...FRAME, atMs: 0, data }, false);
      const startedMs = performance.now();
      await finder.find({ ...FRAME, atMs: 0, data }, false);
      const tookMs = performance.now() - startedMs;
      const found = `intact, ${tookMs.toFixed(0)} ms a frame on ${finder.backend}`;
      return tookMs <= SLOW_MS
        ? ok('models', found)
        : warning('models', found, 'lower vision.inputSize, or close other programs');
    } finally {
      await finder.close();
    }
  } catch (error) {
    if (error instanceof VisionError) return failedBy('models', error);
    throw error;
  }
}
