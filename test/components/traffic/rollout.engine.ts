import assert from "node:assert";
import { generateKeyPairSync } from "node:crypto";
import { appendEntry } from "../../../rollout/record/chain";
import { placeEntry } from "../../../rollout/record/storage";
import { allTo, candidateShare, initialState } from "../../../rollout/traffic-state";
import { projectRoot } from "../../../toolchain/paths";
import type { KubeObject } from "../../../toolchain/plugins/kubernetes/object";
import { refOf } from "../../../toolchain/plugins/kubernetes/client/cluster";
import { startApiServer, type ApiServer } from "../../support/api-server";
import { withWorkspace } from "../../support/engine";
import { installCrds, refusals, type Given } from "../properties/dry-run";
import { IMAGE, model } from "../support/examples";
import { MODELS, routed } from "./support/rollout";

/** As many models as a route takes with every rule that there is. */
const MANY = Array.from({ length: 16 }, (_, i) => model(`m${i}`));
const STEP = { ...initialState("blue"), weights: candidateShare("blue", 5) };

/** The record of a rollout alone: pods would wait for nodes that an API server without any does not have. */
const RECORD = `
  require("tsx/cjs");
  const { createRecord } = require(${JSON.stringify(`${projectRoot}/components/internal/slot-record`)});
  createRecord("text", "default", {});
`;

describe("a rollout on a real API server", function () {
  this.timeout(300_000);
  let server: ApiServer;
  before(async () => {
    server = await startApiServer();
  });
  after(() => server?.stop());

  it("has objects that are accepted, in every strategy and at its fullest", async () => {
    const many = { slots: { blue: { models: MANY }, green: { models: MANY } } };
    const gates = [{ kind: "job", name: "check", image: IMAGE }] as const;
    const match = { header: "x-tester", value: "1" };
    const declarations = [
      { ...many, gates, traffic: STEP, strategy: { kind: "canary", affinity: true, match } as const },
      { traffic: { ...initialState("blue"), mirror: 10 }, strategy: { kind: "shadow" } as const },
      { traffic: { ...initialState("green"), standby: "cold" as const } },
      { slots: { blue: { models: [model("vad")] } } },
    ];
    const given: Given[] = [];
    for (const change of declarations) {
      const [, declared] = await routed(change, { models: [...MANY, ...MODELS] });
      given.push(
        ...declared.resources
          // Mocks wrap secrets, and names are left to the provider where there is none.
          .filter(({ inputs }) => inputs.kind && inputs.kind !== "Secret" && inputs.metadata.name)
          .map(({ name, inputs }) => ({ role: name, object: inputs as KubeObject, asked: "" })),
      );
    }
    await installCrds(server.cluster, given);
    const refused = await refusals(server.cluster, given);
    assert.deepEqual(
      refused.map(({ role, reason }) => `${role}: ${reason}`),
      [],
    );
    const fullest = given.find(({ role }) => role === "text-http-shared")!.object as unknown as {
      spec: { rules: { matches: unknown[] }[] };
    };
    assert.equal(
      fullest.spec.rules.reduce((sum, { matches }) => sum + matches.length, 0),
      96,
    );
  });

  it("keeps what others write into its record, without a change", async () => {
    const { privateKey } = generateKeyPairSync("ed25519");
    const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const entry = appendEntry(
      undefined,
      {
        service: "text",
        at: "2026-01-01T00:00:00.000Z",
        by: "somebody",
        action: "promoted",
        why: "it is better",
        live: "green",
        from: allTo("blue"),
        to: allTo("green"),
        digests: {},
        gates: [],
      },
      pem,
    );
    const record = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "text-rollout-record", namespace: "default" },
    };
    await withWorkspace(
      RECORD,
      async (workspace) => {
        const first = await workspace.up();
        assert.strictEqual(first.code, 0, first.stdout + first.stderr);

        const { name, key, value } = placeEntry("text-rollout-record", [], entry);
        assert.equal(name, record.metadata.name);
        await server.cluster.apply({ ...record, data: { [key]: value } } as KubeObject, {
          fieldManager: "slipway-record",
        });
        const refreshed = await workspace.refresh();
        assert.strictEqual(refreshed.code, 0, refreshed.stdout + refreshed.stderr);
        const second = await workspace.up();
        assert.strictEqual(second.code, 0, second.stdout + second.stderr);
        const { same: _same, read: _read, ...changes } = second.changes;
        assert.deepEqual(changes, {});
        const live = await server.cluster.get(refOf(record as KubeObject));
        assert.deepEqual((live as { data?: unknown }).data, { [key]: value });
      },
      { env: { KUBECONFIG: server.kubeconfigFile } },
    );
  });
});
