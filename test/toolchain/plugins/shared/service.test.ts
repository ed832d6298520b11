import assert from "node:assert";
import { status } from "@grpc/grpc-js";
import type { ServiceError } from "@grpc/grpc-js";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { PartialFailure, Secret, UNKNOWN } from "../../../../toolchain/plugins/shared";
import type { Provider } from "../../../../toolchain/plugins/shared";
import { decodeProperties, encodeProperties } from "../../../../toolchain/plugins/shared/wire";
import { answerOf, withProviderClient } from "../../../support/provider-client";

const URN = "urn:pulumi:dev::p::test:index:Thing::thing";

function provider(methods: Partial<Provider>): Provider {
  const missing = () => Promise.reject(new Error("not part of this test"));
  return {
    name: "test",
    version: "1.2.3",
    check: missing,
    diff: missing,
    create: missing,
    read: missing,
    update: missing,
    delete: missing,
    ...methods,
  };
}

describe("ProviderService", () => {
  it("says its version, takes secrets and previews", async () => {
    await withProviderClient(provider({}), async (client) => {
      assert.strictEqual(
        (await answerOf<PluginInfo>((done) => client.getPluginInfo(new Empty(), done))).getVersion(),
        "1.2.3",
      );
      const configured = await answerOf<pb.ConfigureResponse>((done) =>
        client.configure(new pb.ConfigureRequest(), done),
      );
      assert.deepStrictEqual([configured.getAcceptsecrets(), configured.getSupportspreview()], [true, true]);
    });
  });

  it("gives decoded inputs and encodes outputs", async () => {
    const seen: unknown[] = [];
    const create: Provider["create"] = async ({ inputs, preview, name, type, timeoutSeconds }) => {
      seen.push({ inputs, preview, name, type, timeoutSeconds });
      return { id: "id", outputs: { ...inputs, made: UNKNOWN } };
    };
    await withProviderClient(provider({ create }), async (client) => {
      const request = new pb.CreateRequest().setUrn(URN).setName("thing").setType("test:index:Thing");
      request
        .setPreview(true)
        .setTimeout(7)
        .setProperties(encodeProperties({ password: new Secret("x") }));
      const response = await answerOf<pb.CreateResponse>((done) => client.create(request, done));
      assert.deepStrictEqual(decodeProperties(response.getProperties()), {
        password: new Secret("x"),
        made: UNKNOWN,
      });
    });
    const inputs = { password: new Secret("x") };
    assert.deepStrictEqual(seen, [
      { inputs, preview: true, name: "thing", type: "test:index:Thing", timeoutSeconds: 7 },
    ]);
  });

  it("writes a detailed diff with its replacements", async () => {
    const diff: Provider["diff"] = async () => ({
      changes: true,
      detailed: { "spec.a[0]": { kind: "update-replace" }, spec2: { kind: "add", inputDiff: false } },
      deleteBeforeReplace: true,
    });
    await withProviderClient(provider({ diff }), async (client) => {
      const response = await answerOf<pb.DiffResponse>((done) =>
        client.diff(new pb.DiffRequest().setUrn(URN), done),
      );
      assert.strictEqual(response.getChanges(), pb.DiffResponse.DiffChanges.DIFF_SOME);
      assert.deepStrictEqual(response.getReplacesList(), ["spec.a[0]"]);
      assert.deepStrictEqual(response.getDiffsList(), ["spec", "spec2"]);
      assert.strictEqual(response.getDeletebeforereplace(), true);
      const entry = response.getDetaileddiffMap().get("spec2");
      assert.deepStrictEqual([entry?.getKind(), entry?.getInputdiff()], [pb.PropertyDiff.Kind.ADD, false]);
    });
  });

  it("answers a read of what is gone with an empty ID", async () => {
    await withProviderClient(provider({ read: async () => undefined }), async (client) => {
      assert.strictEqual(
        (
          await answerOf<pb.ReadResponse>((done) => client.read(new pb.ReadRequest().setUrn(URN), done))
        ).getId(),
        "",
      );
    });
  });

  it("fails with the error's own message", async () => {
    const failing = provider({ delete: () => Promise.reject(new Error("The thing is in use.")) });
    await withProviderClient(failing, async (client) => {
      const request = new pb.DeleteRequest().setUrn(URN);
      await assert.rejects(
        answerOf<Empty>((done) => client.delete(request, done)),
        {
          code: status.UNKNOWN,
          details: "The thing is in use.",
        },
      );
    });
  });

  it("reports a partial failure with ID, outputs, inputs and reasons", async () => {
    const create: Provider["create"] = async () => {
      const partial = { id: "id", outputs: { a: 1 }, reasons: ["one", "two"] };
      throw new PartialFailure("The thing is not ready.", partial);
    };
    const error = await withProviderClient(provider({ create }), async (client) => {
      const request = new pb.CreateRequest().setUrn(URN).setProperties(encodeProperties({ b: 2 }));
      return answerOf<pb.CreateResponse>((done) => client.create(request, done)).then(
        () => assert.fail("must fail"),
        (reason: ServiceError) => reason,
      );
    });
    assert.strictEqual(error.details, "The thing is not ready.");
    const [binary] = error.metadata.get("grpc-status-details-bin");
    const [any] = Status.deserializeBinary(binary as Buffer).getDetailsList();
    const detail = any?.unpack(
      pb.ErrorResourceInitFailed.deserializeBinary,
      "pulumirpc.ErrorResourceInitFailed",
    );
    assert.strictEqual(detail?.getId(), "id");
    assert.deepStrictEqual(detail.getReasonsList(), ["one", "two"]);
    assert.deepStrictEqual(decodeProperties(detail.getProperties()), { a: 1 });
    assert.deepStrictEqual(decodeProperties(detail.getInputs()), { b: 2 });
  });

  it("aborts what is running when the engine cancels", async () => {
    let started = () => {};
    const running = new Promise<void>((resolve) => (started = resolve));
    const create: Provider["create"] = ({ signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason as Error));
        started();
      });
    await withProviderClient(provider({ create }), async (client) => {
      const creation = answerOf<pb.CreateResponse>((done) =>
        client.create(new pb.CreateRequest().setUrn(URN), done),
      );
      const failed = assert.rejects(creation, { details: "The operation was cancelled." });
      await running;
      await answerOf<Empty>((done) => client.cancel(new Empty(), done));
      await failed;
    });
  });

  it("refuses what it does not implement in the way that the engine understands", async () => {
    await withProviderClient(provider({}), async (client) => {
      const parameterize = answerOf<pb.ParameterizeResponse>((done) =>
        client.parameterize(new pb.ParameterizeRequest(), done),
      );
      await assert.rejects(parameterize, { code: status.UNIMPLEMENTED });
    });
  });
});
