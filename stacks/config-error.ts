/** A wrong configuration: the message is one sentence that names the key, the value and what is allowed. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}
