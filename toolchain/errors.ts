/**
 * A failure that a person can mend. The message is one sentence that names the thing, the value and the mend;
 * the CLI prints it without a stack trace.
 */
export class SlipwayError extends Error {
  override readonly name = "SlipwayError";

  constructor(
    message: string,
    /** Exit status of the CLI. @default 1 */
    readonly exitCode: number = 1,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The text of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
