import assert from "node:assert/strict";
import { status } from "@grpc/grpc-js";
import type { Authenticator, Credentials, Scope } from "../../../runtime/auth/authenticator";
import { ServerError } from "../../../runtime/errors";
import { fakeTrace } from "../support/fake-trace";
import type { RequestOrigin } from "../../../runtime/tracing/request-trace";
import { scriptedListener, type ScriptedListener } from "../support/grpc-listener";
import { frame, inferMessage, WireClient } from "../support/grpc-wire";

const SERVICE = "/inference.GRPCInferenceService";

describe("who may call what over gRPC", () => {
  let server: ScriptedListener;
  let client: WireClient;
  const asked: [Credentials, Scope][] = [];
  /** Knows the key `sync` at once and the key `async` later; both may infer. */
  const authenticator: Authenticator = {
    authorize(credentials, scope) {
      asked.push([credentials, scope]);
      const { apiKey } = credentials;
      const decide = () => {
        if (!apiKey) throw new ServerError("Unauthenticated", "The request has no credentials.");
        if (scope !== "infer") throw new ServerError("PermissionDenied", `The scope ${scope} is missing.`);
        return { subject: `key:${apiKey}`, scopes: new Set<Scope>(["infer"]) };
      };
      return apiKey === "async" ? new Promise(setImmediate).then(decide) : decide();
    },
    close() {},
  };

  before(async () => {
    server = await scriptedListener(undefined, { authenticator });
    client = await WireClient.connect(server.port);
  });
  beforeEach(() => {
    asked.length = server.runs.length = 0;
  });
  after(() => {
    client.close();
    server.listener.close();
  });

  it("refuses a call without credentials before its message is read", async () => {
    const answer = await client.call(frame(inferMessage()));
    assert.deepEqual(answer.status, [status.UNAUTHENTICATED, "The request has no credentials."]);
    assert.equal(server.runs.length, 0);
    assert.equal(server.budget.heldBytes, 0);
  });

  for (const key of ["sync", "async"]) {
    it(`accounts the call to who proved to make it (${key})`, async () => {
      const answer = await client.call(frame(inferMessage()), {
        "x-api-key": key,
        authorization: "Bearer t",
      });
      assert.deepEqual(answer.status, [status.OK, ""]);
      assert.equal(server.runs[0]!.client, `key:${key}`);
      assert.deepEqual(asked, [
        [{ apiKey: key, authorization: "Bearer t", certificateName: undefined }, "infer"],
      ]);
    });
  }

  const scopes: [string, Scope | undefined][] = [
    [`${SERVICE}/ServerLive`, undefined],
    [`${SERVICE}/ServerReady`, undefined],
    ["/grpc.health.v1.Health/Check", undefined],
    [`${SERVICE}/ModelReady`, "infer"],
    [`${SERVICE}/ModelInfer`, "infer"],
    [`${SERVICE}/ModelStreamInfer`, "infer"],
    [`${SERVICE}/ServerMetadata`, "infer"],
    [`${SERVICE}/ModelMetadata`, "infer"],
    [`${SERVICE}/ModelConfig`, "infer"],
    [`${SERVICE}/ModelStatistics`, "infer"],
    [`${SERVICE}/RepositoryIndex`, "infer"],
    [`${SERVICE}/RepositoryModelLoad`, "admin"],
    [`${SERVICE}/RepositoryModelUnload`, "admin"],
    ["/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", "infer"],
    ["/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", "infer"],
  ];
  for (const [path, scope] of scopes) {
    it(`asks for ${scope ?? "nothing"} at ${path}`, async () => {
      const answer = await client.call(frame(Buffer.alloc(0)), {}, path);
      assert.equal(answer.status[0], scope ? status.UNAUTHENTICATED : status.OK);
      assert.deepEqual(
        asked.map(([, one]) => one),
        scope ? [scope] : [],
      );
    });
  }

  it("takes no more than a service's name from those of whom it does not ask who they are", async () => {
    for (const path of [
      `${SERVICE}/ServerLive`,
      "/grpc.health.v1.Health/Check",
      "/grpc.health.v1.Health/Watch",
    ]) {
      const answer = await client.call(frame(Buffer.alloc(5000)), {}, path);
      assert.deepEqual(answer.status, [
        status.RESOURCE_EXHAUSTED,
        "The call is larger than the 4096 bytes that the method takes.",
      ]);
      assert.equal(server.budget.heldBytes, 0);
    }
  });

  it("refuses credentials that lack the scope", async () => {
    const answer = await client.call(
      frame(Buffer.alloc(0)),
      { "x-api-key": "async" },
      `${SERVICE}/RepositoryModelLoad`,
    );
    assert.deepEqual(answer.status, [status.PERMISSION_DENIED, "The scope admin is missing."]);
  });
});

describe("a gRPC listener beside an admin port", () => {
  it("does not have the methods that control the repository", async () => {
    const server = await scriptedListener(undefined, { adminPort: 8003 });
    const client = await WireClient.connect(server.port);
    for (const method of ["RepositoryIndex", "RepositoryModelLoad", "RepositoryModelUnload"]) {
      const answer = await client.call(frame(Buffer.alloc(0)), {}, `${SERVICE}/${method}`);
      assert.deepEqual(answer.status, [status.UNIMPLEMENTED, `There is no method \`${SERVICE}/${method}\`.`]);
    }
    client.close();
    server.listener.close();
  });
});

describe("tracing over gRPC", () => {
  it("begins a trace with what the client sent, tells its stages and how it ended", async () => {
    const origins: RequestOrigin[] = [];
    const told: string[] = [];
    const tracing = {
      begin(origin: RequestOrigin) {
        origins.push(origin);
        return fakeTrace({
          stage: (stage, from, to) => void told.push(`${stage} ${from <= to}`),
          end: (outcome) => void told.push(outcome),
        });
      },
      close: () => Promise.resolve(),
    };
    let fail = false;
    const server = await scriptedListener(
      (run) =>
        fail ? Promise.reject(new ServerError("QueueFull", "Full.")) : Promise.resolve([...run.inputs]),
      { tracing },
    );
    const client = await WireClient.connect(server.port);
    const headers = { "x-request-id": "mine", traceparent: "00-a-b-01", tracestate: "k=v" };
    await client.call(frame(inferMessage()), headers);
    fail = true;
    await client.call(frame(inferMessage()), headers);
    const { startMs, ...origin } = origins[0]!;
    assert.ok(startMs! > 0);
    assert.deepEqual(origin, {
      transport: "grpc",
      requestId: "mine",
      model: "m",
      version: "1",
      traceparent: "00-a-b-01",
      tracestate: "k=v",
    });
    assert.deepEqual(told, ["parse true", "serialise true", "OK", "parse true", "QueueFull"]);
    assert.notEqual(server.runs[0]!.trace, undefined);
    client.close();
    server.listener.close();
  });
});
