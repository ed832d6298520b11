import type { RequestListener, Server } from "node:http";
import type { KeyPairWatcher } from "../tls";
import { Connections } from "./connections";
import { createHttpListener, type HttpLimits } from "./http-server";
import type { Incoming } from "./incoming";
import type { Outgoing } from "./outgoing";
import { createRestHandler, type RestOptions } from "./rest-handler";
import type { Surface } from "./routes";

/** An HTTP server that answers V2 requests, and its connections. */
export interface RestListener {
  readonly server: Server;
  readonly connections: Connections;
}

/** @param surface which operations are served */
export function createRestListener(
  options: RestOptions & HttpLimits,
  surface: Surface,
  tls?: KeyPairWatcher,
): RestListener {
  const server = createHttpListener((request, response) => handler(request, response), options, tls);
  const connections = new Connections(server, options);
  const handler: RequestListener<typeof Incoming, typeof Outgoing> = createRestHandler(
    options,
    connections,
    surface,
  );
  return { server, connections };
}
