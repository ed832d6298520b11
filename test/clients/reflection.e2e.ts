import assert from "node:assert/strict";
import { modelFolder } from "../runtime/support/model-folder";
import { echoModels } from "./support/echo-models";
import { itMeets, ScriptResults, type Expectations } from "./support/script";
import { Serving } from "./support/serving";

const METHODS = [
  "ModelConfig",
  "ModelInfer",
  "ModelMetadata",
  "ModelReady",
  "ModelStatistics",
  "ModelStreamInfer",
  "RepositoryIndex",
  "RepositoryModelLoad",
  "RepositoryModelUnload",
  "ServerLive",
  "ServerMetadata",
  "ServerReady",
];

const sent = Buffer.from(BigInt64Array.of(1n, 2n, 3n, 2n ** 62n).buffer).toString("base64");

const EXPECTED: Expectations = {
  services: (services: string[]) => {
    for (const name of ["grpc.health.v1.Health", "inference.GRPCInferenceService"]) {
      assert.ok(services.includes(name), name);
    }
  },
  methods: METHODS,
  health: { status: "SERVING" },
  infer: ["echo-int64", ["1", "4"], [sent]],
};

describe("a client that learns the services by reflection", () => {
  let serving: Serving;
  let results: ScriptResults;
  before(async () => {
    serving = await Serving.start(modelFolder(echoModels()));
    results = await ScriptResults.of("reflection.py", serving);
  });
  after(() => serving?.stop());

  itMeets(EXPECTED, () => results);
});
