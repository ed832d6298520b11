import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { join } from "node:path";
import { createServer } from "../../../runtime";
import { identityModel } from "../../support/onnx-model";
import { modelFolder } from "../support/model-folder";
import { RunningServer } from "../support/running-server";

describe("a server that takes signed models only", () => {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const pem = publicKey.export({ type: "spki", format: "pem" }) as string;
  const keyFile = join(modelFolder({ "release.pem": pem }), "release.pem");
  const bytes = identityModel("float32", ["n"]);
  const other = identityModel("float32", ["m"]);

  it("serves those, and says of the others why not, in the index", async () => {
    const repository = modelFolder({
      "good/1/model.onnx": bytes,
      "good/1/model.onnx.sig": sign(null, bytes, privateKey),
      "plain/1/model.onnx": bytes,
      "altered/1/model.onnx": other,
      "altered/1/model.onnx.sig": sign(null, bytes, privateKey).toString("base64"),
    });
    const server = await RunningServer.start(repository, {
      modelPublicKeys: [keyFile],
      strictReadiness: false,
    });
    try {
      const reasons = server.server.models().map(({ name, state, reason }) => [name, state, reason]);
      assert.deepEqual(reasons.sort(), [
        [
          "altered",
          "UNAVAILABLE",
          "The signature in `model.onnx.sig` is of other bytes than `model.onnx`, or by a key that is not trusted.",
        ],
        ["good", "READY", ""],
        [
          "plain",
          "UNAVAILABLE",
          "`model.onnx` is not signed: `model.onnx.sig` is missing, but only signed models are taken.",
        ],
      ]);
      const input = { name: "x", shape: [1], datatype: "FP32", data: [2] };
      assert.equal((await server.infer("good", { inputs: [input] })).status, 200);
      assert.equal((await server.infer("plain", { inputs: [input] })).status, 503);
    } finally {
      await server.close();
    }
  });

  it("does not start without its keys", () => {
    assert.throws(() => createServer({ modelRepository: "/tmp", modelPublicKeys: ["/none.pem"] }), {
      name: "UsageError",
      message: "`--model-public-keys` (/none.pem) cannot be read: it does not exist.",
    });
  });
});
