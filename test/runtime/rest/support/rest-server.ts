import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import pino from "pino";
import { ByteBudget } from "../../../../runtime/dataplane/byte-budget";
import type { DataPlane } from "../../../../runtime/dataplane/dataplane";
import type { InferRequest } from "../../../../runtime/dataplane/infer-request";
import type { ModelSpec } from "../../../../runtime/dataplane/model-spec";
import { schedulingOf } from "../../../../runtime/dataplane/request-parameters";
import type { Tensor } from "../../../../runtime/dataplane/tensor";
import { ServerError } from "../../../../runtime/errors";
import type { Metrics } from "../../../../runtime/metrics/metrics";
import type { Servable } from "../../../../runtime/models/servable";
import type { RestOptions } from "../../../../runtime/rest/exchange";
import type { HttpLimits } from "../../../../runtime/rest/http-server";
import { createRestListener, type RestListener } from "../../../../runtime/rest/rest-listener";
import type { Surface } from "../../../../runtime/rest/routes";
import { LIMITS } from "./bodies";

/** A model that answers what `infer` says, by default its inputs. */
export interface FakeModel {
  readonly spec: ModelSpec;
  readonly maxBatchSize?: number;
  infer?(request: InferRequest): Tensor[] | Promise<Tensor[]>;
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read answers field by field
  readonly json: any;
}

export const MAX_BODY_BYTES = 100_000;

const HTTP_LIMITS: HttpLimits = { headerTimeout: 5, requestTimeout: 5, idleTimeout: 60, maxConnections: 100 };

/** The REST transport on a free port, over models that are functions. */
export class RestServer {
  /** What was counted: "succeeded", "serialised", or the code of an error. */
  readonly counted: string[] = [];
  readonly requests: InferRequest[] = [];
  readonly budget = new ByteBudget(1_000_000);
  private constructor(private readonly listener: RestListener) {}

  static async start(
    models: Record<string, FakeModel>,
    more: Partial<RestOptions & HttpLimits> = {},
    dataPlane: Partial<DataPlane> = {},
    surface: Surface = "all",
  ): Promise<RestServer> {
    // The handlers need the server's own lists, which need the listener: filled in below.
    const holder: { server?: RestServer } = {};
    const options = {
      ...HTTP_LIMITS,
      ...LIMITS,
      maxBodyBytes: MAX_BODY_BYTES,
      log: pino({ level: "silent" }),
      metrics: { unresolved: (code: string) => holder.server!.counted.push(code) } as unknown as Metrics,
      dataPlane: { ...fakeDataPlane(models, holder), ...dataPlane } as unknown as DataPlane,
      get budget() {
        return holder.server!.budget;
      },
    };
    const listener = createRestListener(Object.defineProperties(options, descriptors(more)), surface);
    const server = (holder.server = new RestServer(listener));
    await new Promise<void>((resolve) => listener.server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get port(): number {
    return (this.listener.server.address() as AddressInfo).port;
  }

  call(
    method: string,
    path: string,
    body: string | Buffer = "",
    headers: Record<string, string | number> = {},
  ): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const { port } = this;
      const request = httpRequest(
        { host: "127.0.0.1", port, method, path, headers, agent: false },
        (response) => {
          const pieces: Buffer[] = [];
          response.on("data", (piece: Buffer) => pieces.push(piece));
          response.on("end", () => {
            const bytes = Buffer.concat(pieces);
            const isJson = response.headers["content-type"] === "application/json";
            const plain = isJson && response.headers["content-encoding"] === undefined && bytes.length > 0;
            resolve({
              status: response.statusCode!,
              headers: response.headers,
              bytes,
              json: plain ? JSON.parse(bytes.toString()) : undefined,
            });
          });
        },
      );
      request.on("error", reject);
      request.end(body);
    });
  }

  infer(model: string, body: unknown, headers: Record<string, string | number> = {}): Promise<Reply> {
    return this.call("POST", `/v2/models/${model}/infer`, JSON.stringify(body), headers);
  }

  async close(): Promise<void> {
    const { server } = this.listener;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** With getters kept, which a spread would read. */
function descriptors(object: object): PropertyDescriptorMap {
  return Object.getOwnPropertyDescriptors(object);
}

function fakeDataPlane(models: Record<string, FakeModel>, holder: { server?: RestServer }) {
  const counted = (what: string) => holder.server!.counted.push(what);
  const servables = new Map(
    Object.entries(models).map(([name, { spec, maxBatchSize = 0 }]) => [
      name,
      {
        name,
        version: "1",
        spec,
        settings: { maxBatchSize },
        metrics: {
          succeeded: () => counted("succeeded"),
          serialised: () => counted("serialised"),
          failed: counted,
        },
      } as unknown as Servable,
    ]),
  );
  return {
    isDraining: false,
    keepsPayloads: false,
    live: () => true,
    ready: () => true,
    schedulingOf,
    resolve: (name: string) => {
      const model = servables.get(name);
      if (!model) throw new ServerError("ModelNotFound", `There is no model \`${name}\`.`);
      return model;
    },
    infer: async (model: Servable, request: InferRequest) => {
      holder.server!.requests.push(request);
      const { infer = ({ inputs }: InferRequest) => [...inputs] } = models[model.name]!;
      return infer(request);
    },
  };
}
