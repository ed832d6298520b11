/** A model could not be fetched; the message is one sentence for the operator. */
export class PullFailure extends Error {
  override readonly name = "PullFailure";
  readonly exitCode = 1;

  constructor(
    message: string,
    /** Whether trying again may help. @default false */
    readonly transient = false,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
