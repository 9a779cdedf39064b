/** Who started the gate and looks after it: restarts it when it hangs, starts others once it is ready. */
export interface ServiceManager {
  /** The start goes on for as long as its parts take, however long; that the process does not hang is told by itself. */
  starting(status: string): void;
  /** The gate measures from now on. */
  ready(): void;
  /** The gate has measured since it said so last; not told for too long, it is restarted. */
  alive(): void;
  /** What the gate does, in a few words for its operator. */
  status(text: string): void;
  /** The gate ends because it was asked to. */
  stopping(): void;
}
