import type { CountsReport, HealthReport, StateReport } from '../domain/gate-report.ts';
import type { AskedCommand, CommandOutcome } from '../domain/remote-command.ts';

/** Tells remote subscribers how the gate is. Returns at once and never throws; without a connection only the last state is kept. */
export interface GateReports {
  tellState(report: StateReport): void;
  tellCounts(report: CountsReport): void;
  tellHealth(report: HealthReport): void;
}

/** What subscribers want of the gate. */
export type RemoteRequests = Readonly<{
  /** Never rejects. Asked only where commands are switched on. */
  carryOut: (asked: AskedCommand) => Promise<CommandOutcome>;
  /** Somebody has come who knows nothing yet: everything is to be told. */
  newcomer: () => void;
}>;

/** The way in from remote subscribers. */
export interface RemoteDoor {
  /** Answers requests from now on. */
  serve(requests: RemoteRequests): void;
}
