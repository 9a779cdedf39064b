/** How the machine is; null where it cannot tell. */
export type MachineVitals = Readonly<{
  cpuTemperatureC: number | null;
  memoryBytes: number;
  diskFreeBytes: number | null;
}>;

/** Reads the machine's own figures. Never rejects. */
export type ReadMachineVitals = () => Promise<MachineVitals>;
