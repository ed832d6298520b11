/** A setting of the pack that makes no sense: one sentence for the person who wrote it. */
export class SettingsError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "SettingsError";
  }
}
