/** What somebody may ask a gate from afar. None of these touches what is kept, or for how long. */
export type RemoteCommand = Readonly<{ by: string }> &
  (
    | /** Keeps the buzzer silent; 0 minutes lets it sound again. */
    Readonly<{ name: 'mute'; minutes: number }>
    /** Somebody has seen an alert; null: all that are open. */
    | Readonly<{ name: 'acknowledge'; alertId: string | null }>
    /** What a clinical thermometer said of a visit; its temperature in degC, null: not told. */
    | Readonly<{
        name: 'check';
        visit: number;
        result: 'confirmed' | 'cleared';
        temperatureC: number | null;
      }>
    /** Has everything told anew. */
    | Readonly<{ name: 'refresh' }>
  );

export type CommandName = RemoteCommand['name'];

/** A request as it came: a command, or why it is none. */
export type AskedCommand =
  | Readonly<{ ok: true; command: RemoteCommand }>
  | Readonly<{ ok: false; name: CommandName; problem: string }>;

export type CommandOutcome =
  | Readonly<{ status: 'done' }>
  | Readonly<{ status: 'refused'; reason: RefusalReason; message: string }>;

export type RefusalReason = 'malformed' | 'not-found' | 'too-many' | 'failed';
