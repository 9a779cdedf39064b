/** A call of the host; one JSON line each. */
export type Question = Readonly<{ id: number; call: string; args: readonly unknown[] }>;

/** Its answer; number 0 says that the guest is there. */
export type Answer =
  | Readonly<{ id: number; ok: true; value: unknown }>
  | Readonly<{ id: number; ok: false; name: string; code: string | null; message: string }>;
