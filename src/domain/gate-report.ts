/** Whether the gate answers visitors. */
export type ServiceState = 'warming-up' | 'in-service' | 'out-of-service';

/** What keeps a gate out of service. */
export type ServiceProblem =
  | 'thermal-sensor'
  | 'camera'
  | 'late-picture'
  | 'ambient-too-cold'
  | 'ambient-too-warm'
  | 'reference-lost'
  | 'reference-dirty';

/** When a report was made: Unix time in ms, and whether the clock was synchronised. */
export type ReportTime = Readonly<{ timeMs: number; timeTrusted: boolean }>;

/** How the gate is. Nothing of a visitor is in it, and it does not change with one. */
export type StateReport = ReportTime &
  Readonly<{
    service: ServiceState;
    /** Null unless out of service. */
    problem: ServiceProblem | null;
    records: 'ok' | 'full' | 'read-only' | 'failing';
    /** Unix time in ms until which the buzzer keeps silent; null: it sounds. */
    mutedUntilMs: number | null;
    /** Alerts since the start that nobody has acknowledged. */
    openAlerts: number;
  }>;

/** How many visitors there were on one day, and of which kind. Told a few times an hour: no single visit shows. */
export type CountsReport = ReportTime &
  Readonly<{
    /** Local day, as 2026-01-31. */
    day: string;
    visits: number;
    normal: number;
    recheck: number;
    elevated: number;
    maskWorn: number;
    maskNotWorn: number;
    maskUnsure: number;
  }>;

/** How the machine is; null where it cannot tell. */
export type HealthReport = ReportTime &
  Readonly<{
    softwareVersion: string;
    uptimeS: number;
    /** Die of the thermal sensor, degC. */
    sensorTemperatureC: number | null;
    /** The empty room, degC. */
    roomTemperatureC: number | null;
    cpuTemperatureC: number | null;
    memoryBytes: number;
    diskFreeBytes: number | null;
    /** Alerts that no broker has taken yet. */
    alertsWaiting: number;
    storageProfile: 0 | 1 | 2 | 3;
  }>;
