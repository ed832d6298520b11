import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Metrics } from "../../../runtime/metrics/metrics";

/** A pod's metrics, as its server shows them. */
export class Scraped {
  protected readonly metrics = new Metrics(() => true);
  private readonly server: Server = createServer((_request, response) => {
    void this.metrics.registry.metrics().then((text) => {
      response.setHeader("content-type", "text/plain; version=0.0.4").end(text);
    });
  });

  /** On a free port of loopback, which is the answer. */
  async listen(): Promise<number> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
