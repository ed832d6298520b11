/** The inference server as a library: `import { createServer } from "@slipway/slipway/runtime"`. */
export {
  createServer,
  PortUnavailable,
  type BoundPorts,
  type Server,
  type ServerDependencies,
} from "./server";
export { UsageError } from "./option-table";
export type { ServerOptions } from "./options";
