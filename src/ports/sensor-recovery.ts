/** What can be done for a thermal sensor that no longer answers; each null where it is not wired. May throw. */
export type SensorRecovery = Readonly<{
  /** Frees a bus that a device holds: nine clock pulses and a STOP. */
  clearBus: (() => Promise<void>) | null;
  /** Switches the sensor's supply off and on again, and waits until it answers. */
  cyclePower: (() => Promise<void>) | null;
}>;
