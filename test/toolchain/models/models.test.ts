import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fetchModel } from "../../../runtime/pull/fetch-model";
import { parseReference } from "../../../runtime/pull/reference";
import {
  CATALOGUE,
  layOutRepository,
  modelReference,
  packModels,
  pushModel,
  type PackedModel,
} from "../../../toolchain/models";
import { silent } from "../../../toolchain/progress";
import { modelFolder } from "../../runtime/support/model-folder";

/** As much of a registry as a push and a pull need. */
function memoryRegistry(): Server {
  const stored = new Map<string, Buffer>();
  return createServer((request, response) => {
    const url = new URL(request.url!, "http://registry");
    const digest = url.searchParams.get("digest") ?? decodeURIComponent(url.pathname.split("/").pop()!);
    if (request.method === "POST")
      return void response.writeHead(202, { location: `${url.pathname}upload` }).end();
    if (request.method !== "PUT")
      return void response.writeHead(stored.has(digest) ? 200 : 404).end(stored.get(digest));
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      stored.set(digest, Buffer.concat(chunks));
      response.writeHead(201).end();
    });
  });
}

describe("packModels", () => {
  it("finds the models that come with the project", async () => {
    const models = await packModels(silent);
    assert.deepEqual(
      models.map(({ name, version }) => `${name}/${version}`),
      CATALOGUE.map(({ name, version }) => `${name}/${version}`),
    );
    for (const { path, sha256 } of models) {
      assert.equal(createHash("sha256").update(readFileSync(path)).digest("hex"), sha256);
    }
  });

  it("refuses a file that differs from the catalogue", async () => {
    const altered = { ...CATALOGUE[1]!, sha256: "0".repeat(64) };
    await assert.rejects(
      packModels(silent, [altered]),
      /^SlipwayError: model silero-vad: .* has SHA-256 2623a.* and must have 0{64}; run `npm ci`/,
    );
  });

  it("refuses a package that is not installed", async () => {
    const absent = { ...CATALOGUE[1]!, npmPackage: "no-such-package" };
    await assert.rejects(packModels(silent, [absent]), {
      message: "the npm package no-such-package with dist/silero_vad_v5.onnx is not installed; run `npm ci`",
    });
  });
});

describe("a packed model", () => {
  let model: PackedModel;
  before(async () => {
    model = (await packModels(silent, [CATALOGUE[1]!]))[0]!;
  });

  it("has another reference with another baseline", () => {
    const [baseline, ...others] = model.beside!;
    assert.equal(baseline!.title, "5/baseline.json");
    const changed = { ...baseline!, content: Buffer.concat([baseline!.content, Buffer.from(" ")]) };
    const reference = modelReference("registry:5000", model);
    assert.notEqual(modelReference("registry:5000", { ...model, beside: [changed, ...others] }), reference);
    assert.notEqual(modelReference("registry:5000", { ...model, beside: [] }), reference);
  });

  it("is laid out with what travels beside it, its versions in one folder", async () => {
    const dir = modelFolder({});
    await layOutRepository(await packModels(silent), dir);
    const { sha256 } = JSON.parse(readFileSync(join(dir, "silero-vad/model.json"), "utf8")) as {
      sha256: Record<string, string>;
    };
    assert.deepEqual(Object.keys(sha256).sort(), ["5", "5/baseline.json", "6", "6/baseline.json"]);
    for (const version of ["5", "6"])
      assert.ok(existsSync(join(dir, "silero-vad", version, "baseline.json")), version);
  });

  it("is laid out as a repository, and again over itself", async () => {
    const dir = modelFolder({});
    await layOutRepository([model], dir);
    await layOutRepository([model], dir);
    assert.ok(existsSync(join(dir, "silero-vad/5/model.onnx")));
  });

  it("is pushed to a registry and pulled from it by the reference that was known before", async () => {
    const registry = memoryRegistry();
    await new Promise<void>((resolve) => registry.listen(0, "127.0.0.1", resolve));
    const host = `127.0.0.1:${(registry.address() as AddressInfo).port}`;
    try {
      const reference = await pushModel(host, model);
      assert.equal(reference, modelReference(host, model));
      const to = modelFolder({});
      const options = { to, insecureRegistries: [host], sha256: model.sha256, version: "5" };
      assert.equal(await fetchModel(parseReference(reference), options), join(to, "silero-vad"));
      assert.ok(readFileSync(join(to, "silero-vad/5/model.onnx")).equals(readFileSync(model.path)));
      const baseline = readFileSync(join(to, "silero-vad/5/baseline.json"));
      const { sha256, drift } = JSON.parse(readFileSync(join(to, "silero-vad/model.json"), "utf8")) as {
        sha256: Record<string, string>;
        drift: object;
      };
      assert.deepEqual(sha256, {
        "5": model.sha256,
        "5/baseline.json": createHash("sha256").update(baseline).digest("hex"),
      });
      assert.deepEqual(drift, { windowSeconds: 30, minSamples: 200 });
    } finally {
      registry.close();
      registry.closeAllConnections();
    }
  });
});
