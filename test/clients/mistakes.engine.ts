import assert from "node:assert/strict";
import { status, type ServiceError } from "@grpc/grpc-js";
import { Pool } from "undici";
import { grpcClient, type GrpcClient } from "../runtime/support/grpc-client";
import { modelFolder } from "../runtime/support/model-folder";
import { echoModels } from "./support/echo-models";
import { GRPC_MISTAKES } from "./support/grpc-mistakes";
import { REST_MISTAKES } from "./support/mistakes";
import { Serving } from "./support/serving";

/** What no answer may hold: a path of this machine, a line of a stack. */
const INSIDES = /\/(work|root|home|tmp|usr|node_modules)\/|\bat \w+.*\(|\.ts:|\.js:/;

describe("a client's mistake", () => {
  let serving: Serving;
  let http: Pool;
  let grpc: GrpcClient;
  before(async () => {
    serving = await Serving.start(modelFolder(echoModels()), "--max-body-bytes", String(4 << 20));
    http = new Pool(serving.url, { connections: 1 });
    grpc = grpcClient(`127.0.0.1:${serving.ports.grpc}`);
  });
  after(async () => {
    grpc?.close();
    await http?.close();
    await serving?.stop();
  });

  describe("over HTTP is told with a 4xx and one sentence:", () => {
    for (const { what, method, path, headers, body, status: expected } of REST_MISTAKES) {
      it(what, async () => {
        const answer = await http.request({ method: method as "POST", path: path!, headers, body });
        const text = await answer.body.text();
        assert.equal(answer.statusCode, expected, text);
        const { error, ...rest } = JSON.parse(text) as { error: string };
        assert.match(error, /^[A-Z`/%].{8,}[.…]$/s);
        assert.doesNotMatch(error, INSIDES);
        assert.deepEqual(rest, {});
      });
    }
  });

  describe("over gRPC is told with a status and one sentence:", () => {
    for (const { what, method, request, code } of GRPC_MISTAKES) {
      it(what, async () => {
        const error: ServiceError = await grpc.call(method, request).then(
          () => assert.fail("the call was answered"),
          (thrown: unknown) => thrown as ServiceError,
        );
        assert.equal(status[error.code], status[code], error.details);
        assert.match(error.details, /^[A-Z`/%].{8,}[.…]$/s);
        assert.doesNotMatch(error.details, INSIDES);
      });
    }
  });

  it("leaves the server as it was", async () => {
    assert.ok(serving.running);
    const inputs = [{ name: "x", datatype: "FP32", shape: [1, 4], data: [1, 2, 3, 4] }];
    const answer = await http.request({
      method: "POST",
      path: "/v2/models/echo-fp32/infer",
      body: JSON.stringify({ inputs }),
    });
    const { outputs } = (await answer.body.json()) as { outputs: { data: number[] }[] };
    assert.deepEqual(outputs[0]!.data, [1, 2, 3, 4]);
  });
});
