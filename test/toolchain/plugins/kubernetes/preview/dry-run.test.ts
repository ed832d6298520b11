import * as assert from "node:assert";
import { dryRunCreate } from "../../../../../toolchain/plugins/kubernetes/preview/dry-run";
import { SeenObjects } from "../../../../../toolchain/plugins/kubernetes/preview/seen";
import type { KubeObject } from "../../../../../toolchain/plugins/kubernetes/object";
import type { Answer, FakeRequest } from "../support";
import { fakeApiServer, notFound, recordingLog } from "../support";

function refused(status: number, reason: string, message: string): Answer {
  return { status, body: { kind: "Status", reason, message } };
}

const object: KubeObject = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c", namespace: "new" } };

async function attempt(
  answer: (request: FakeRequest) => Answer,
  prepare: (seen: SeenObjects) => void = () => undefined,
) {
  const server = await fakeApiServer(answer);
  const seen = new SeenObjects();
  prepare(seen);
  const log = recordingLog();
  try {
    const result = await dryRunCreate(object, {
      cluster: server.cluster,
      seen,
      fieldManager: "m",
      alwaysForce: false,
      signal: new AbortController().signal,
      log,
      onWarning: log.warn,
    });
    return { result, requests: server.requests, log: log.lines };
  } finally {
    await server.stop();
  }
}

describe("dryRunCreate", () => {
  it("applies with a dry run, strictly, as the field manager", async () => {
    const { requests, result } = await attempt(({ body }) => ({ body }));
    const [request] = requests;
    assert.strictEqual(request?.method, "PATCH");
    assert.strictEqual(request.path, "/api/v1/namespaces/new/configmaps/c");
    assert.strictEqual(request.contentType, "application/apply-patch+yaml");
    assert.deepStrictEqual(Object.fromEntries(request.query), {
      fieldManager: "m",
      fieldValidation: "Strict",
      dryRun: "All",
      force: "true",
    });
    assert.deepStrictEqual(result, object);
  });

  it("passes the server's warnings on", async () => {
    const { log } = await attempt(({ body }) => ({ body, warning: 'v1 is \\"old\\"' }));
    assert.deepStrictEqual(log, ['warn: v1 is "old"']);
  });

  it("names the object that the server refuses", async () => {
    const answer = () => refused(400, "BadRequest", "unknown field .spec.x");
    await assert.rejects(attempt(answer), {
      message: 'The API server refuses ConfigMap "new/c": unknown field .spec.x.',
    });
  });

  it("fails on a quota, which answers as a missing right does", async () => {
    await assert.rejects(
      attempt(() => refused(403, "Forbidden", "exceeded quota: q")),
      /exceeded quota/,
    );
  });

  it("goes on where the user lacks the right to ask", async () => {
    const text = 'configmaps "c" is forbidden: User "u" cannot patch resource "configmaps"';
    const { result, log } = await attempt(() => refused(403, "Forbidden", text));
    assert.strictEqual(result, undefined);
    assert.match(log.join(), /not checked against the cluster/);
  });

  it("tries a namespace that the program declares in another one", async () => {
    const { requests, result } = await attempt(
      ({ method, body }) => (method === "PATCH" ? notFound("namespaces", "new") : { body }),
      (seen) => seen.add({ kind: "Namespace", metadata: { name: "new" } }),
    );
    assert.deepStrictEqual(
      requests.map(({ method, path }) => `${method} ${path}`),
      ["PATCH /api/v1/namespaces/new/configmaps/c", "POST /api/v1/namespaces/default/configmaps"],
    );
    assert.strictEqual(result?.metadata?.namespace, "new");
  });

  it("refuses there what it would refuse anywhere", async () => {
    await assert.rejects(
      attempt(
        ({ method }) =>
          method === "PATCH" ? notFound("namespaces", "new") : refused(422, "Invalid", "data: Invalid value"),
        (seen) => seen.add({ kind: "Namespace", metadata: { name: "new" } }),
      ),
      /data: Invalid value/,
    );
  });

  it("tolerates that admission misses what the program declares", async () => {
    const text = 'error looking up service account new/sa: serviceaccount "sa" not found';
    const { result } = await attempt(
      () => refused(403, "Forbidden", text),
      (seen) => seen.add({ kind: "ServiceAccount", metadata: { name: "sa" } }),
    );
    assert.strictEqual(result, undefined);
  });

  it("tries a replacement under another name while the old object is there", async () => {
    const { requests, result } = await attempt(({ method, body }) => {
      if (method === "PATCH") return refused(422, "Invalid", "spec.selector: field is immutable");
      return { body: method === "GET" ? object : body };
    });
    assert.strictEqual((requests.at(-1)?.body as KubeObject).metadata?.name, "c-preview");
    assert.strictEqual(result?.metadata?.name, "c");
  });
});
