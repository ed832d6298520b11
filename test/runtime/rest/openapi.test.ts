import assert from "node:assert/strict";
import { Validator } from "@seriousme/openapi-schema-validator";
import Ajv2020, { type ValidateFunction } from "ajv/dist/2020";
import { documentedPaths, openApiDocument } from "../../../runtime/rest/openapi/document";
import { OPERATIONS, ROUTES, Router } from "../../../runtime/rest/routes";
import { identityModel } from "../../support/onnx-model";
import { baselineOf, FakeClock, floats } from "../drift/monitor/support";
import { modelFolder } from "../support/model-folder";
import { RunningServer } from "../support/running-server";

interface Operation {
  readonly operationId: string;
  readonly requestBody?: { readonly content: Record<string, { readonly schema: object }> };
  readonly responses: Record<string, { readonly content: Record<string, { readonly schema: object }> }>;
}

const document = openApiDocument() as unknown as {
  openapi: string;
  info: { version: string };
  paths: Record<string, Record<string, Operation>>;
};

const ajv = new Ajv2020({
  allErrors: true,
  allowUnionTypes: true,
  formats: { binary: true, "date-time": true },
});
ajv.addSchema({ ...document, $id: "openapi" }, "openapi");
ajv.addVocabulary(["openapi", "info", "servers", "paths", "components"]);

/** A validator of what the document says of one operation. */
function validator(path: string, method: string, where: "request" | string): ValidateFunction {
  const escape = (key: string) => encodeURIComponent(key.replaceAll("~", "~0").replaceAll("/", "~1"));
  const operation = `openapi#/paths/${escape(path)}/${method}`;
  const content =
    where === "request" ? `${operation}/requestBody/content` : `${operation}/responses/${where}/content`;
  return ajv.compile({ $ref: `${content}/${escape("application/json")}/schema` });
}

function assertFits(validate: ValidateFunction, value: unknown): void {
  assert.ok(validate(value), `${ajv.errorsText(validate.errors)} in ${JSON.stringify(value)}`);
}

const MODEL = "/v2/models/{model}";
const INPUTS = [{ name: "x", datatype: "FP32", shape: [2], data: [0.5, 1] }];

const SPEC = {
  inputs: [{ name: "x", datatype: "FP32" as const, shape: [-1] }],
  outputs: [],
};

/** One good request for each operation. */
const CALLS: Record<string, { body?: object; events?: true }> = {
  infer: { body: { id: "7", inputs: INPUTS, outputs: [{ name: "y" }], parameters: { p: 1 } } },
  generate: { body: { x: [0.5, 1] } },
  generateStream: { body: { x: [0.5, 1] }, events: true },
  feedback: { body: { feedback: [{ requestId: "r", truth: [0.5, null], segment: { country: "DE" } }] } },
  repositoryIndex: { body: { ready: true } },
  repositoryLoad: { body: { parameters: {} } },
  repositoryUnload: { body: { parameters: { unload_dependents: false } } },
};

describe("the OpenAPI document", () => {
  let server: RunningServer;
  before(async () => {
    const feedback = { output: "y", task: "regression", segments: { country: {} } };
    const repository = modelFolder({
      "m/1/model.onnx": identityModel("float32", ["n"]),
      "m/1/baseline.json": JSON.stringify(baselineOf(SPEC, [floats("x", [9], [1, 2, 3, 4, 5, 6, 7, 8, 9])])),
      "m/model.json": JSON.stringify({ feedback, drift: { windowSeconds: 2 } }),
    });
    const driftClock = new FakeClock();
    server = await RunningServer.start(
      repository,
      { modelControl: "explicit", loadModel: ["m"] },
      { driftClock },
    );
    driftClock.pass(1);
  });
  after(() => server.close());

  it("is valid OpenAPI 3.1", async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(document));
    assert.ok(valid, JSON.stringify(errors));
    assert.equal(document.openapi, "3.1.0");
  });

  it("has every route and no other, each by a name of its own", () => {
    const expected = OPERATIONS.flatMap((operation) => {
      const { method, path } = ROUTES[operation];
      return documentedPaths(path).map((each) => `${method} ${each}`);
    });
    const documented = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    assert.deepEqual(documented.sort(), expected.sort());
    const ids = Object.values(document.paths).flatMap((item) =>
      Object.values(item).map((each) => each.operationId),
    );
    assert.equal(new Set(ids).size, ids.length);
  });

  it("names paths that the router finds", () => {
    const router = new Router("all");
    for (const [path, item] of Object.entries(document.paths)) {
      for (const [method, { operationId }] of Object.entries(item)) {
        const url = path.replace("{model}", "m").replace("{version}", "1");
        assert.equal(
          router.match(method.toUpperCase(), url).operation,
          operationId.replace(/OfVersion$/, ""),
        );
      }
    }
  });

  it("is what the server answers", async () => {
    const { status, body } = await server.call("GET", "/v2/openapi.json");
    assert.equal(status, 200);
    assert.deepEqual(body, JSON.parse(JSON.stringify(document)));
  });

  // Unloading comes last in the list.
  for (const operation of OPERATIONS) {
    const { method, path } = ROUTES[operation];
    for (const each of documentedPaths(path)) {
      it(`describes ${method} ${each} as it is answered`, async () => {
        const { body, events } = CALLS[operation] ?? {};
        const url = each.replace("{model}", "m").replace("{version}", "1");
        const lower = method.toLowerCase();
        if (body) assertFits(validator(each, lower, "request"), body);
        const response = await fetch(server.url(url), { method, body: body && JSON.stringify(body) });
        const text = await response.text();
        assert.equal(response.status, 200, text);
        if (!events) return assertFits(validator(each, lower, "200"), JSON.parse(text));
        assert.equal(response.headers.get("content-type"), "text/event-stream; charset=utf-8");
        const generate = each.replace("generate_stream", "generate");
        assertFits(validator(generate, lower, "200"), JSON.parse(text.replace(/^data: /, "")));
      });
    }
  }

  it("describes errors and refused requests", async () => {
    const { status, body } = await server.call("POST", "/v2/models/none/infer", { inputs: INPUTS });
    assert.equal(status, 404);
    assertFits(validator(`${MODEL}/infer`, "post", "default"), body);
    const request = validator(`${MODEL}/infer`, "post", "request");
    for (const wrong of [{}, { inputs: [] }, { inputs: [{ name: "x", datatype: "FLOAT", shape: [1] }] }]) {
      assert.equal(request(wrong), false);
    }
  });
});
