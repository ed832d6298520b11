/** Loads what is made with Kafka's library, where it is used: it does not belong to the server's start. */
export function loadKafka(): typeof import("./kafka") {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded on use; `import()` cannot load TypeScript in a checkout
  return require("./kafka") as typeof import("./kafka");
}
