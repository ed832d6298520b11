import assert from "node:assert";
import { ConfigError } from "../../stacks/config-error";
import { retrainingArgs } from "../../stacks/retraining-config";
import { readerOf } from "../../stacks/settings";

const HOOK = { kind: "http", url: "https://train.example/hook" };

const args = (retraining?: unknown, isSecret = true) =>
  retrainingArgs(
    readerOf(
      "onprem",
      retraining === undefined ? {} : { retraining: JSON.stringify(retraining) },
      () => isSecret,
    ),
  );

describe("configuration of retraining", () => {
  it("trains nothing unless asked to", () => assert.equal(args(), undefined));

  const taken: [string, object][] = [
    ["a program", { target: HOOK }],
    [
      "a program in the cluster",
      {
        target: { kind: "http", url: "http://hook.training.svc:8080/" },
        allowInsecure: true,
        targetPods: [{ namespace: "training", podLabels: { app: "hook" }, port: 8080 }],
        storage: { size: "1Gi", storageClass: "encrypted" },
        alerts: ["*"],
        cooldown: 0,
      },
    ],
    [
      "Argo Workflows",
      { target: { kind: "argo-workflows", url: "https://argo:2746", namespace: "t" }, token: "t" },
    ],
    [
      "Kubeflow Pipelines",
      { target: { kind: "kubeflow", url: "https://k", pipelineId: "p", pipelineVersionId: "v" } },
    ],
    ["GitHub Actions", { target: { kind: "github", repository: "acme/models" }, token: "t" }],
    [
      "Airflow",
      { target: { kind: "airflow", url: "https://a", dag: "d", api: "v1" }, username: "u", password: "p" },
    ],
  ];
  for (const [what, given] of taken) it(`takes ${what}`, () => assert.deepEqual(args(given), given));

  const kinds = "http, argo-workflows, kubeflow, github, airflow";
  const refused: [string, unknown, string][] = [
    [
      "no map",
      [],
      "`slipway:retraining` must be a map with target, token, username, password, signingSecret, ca, allowInsecure, targetPods, targetCidrs, alerts, cooldown, maxAttempts, storage, imagePullSecrets.",
    ],
    [
      "no target",
      { token: "hunter2" },
      "`slipway:retraining.target` is missing: a map. What trains: its `kind`, and the fields of that kind, below.",
    ],
    [
      "a kind that is none",
      { target: { kind: "jenkins" } },
      `\`slipway:retraining.target.kind\` must be one of ${kinds}.`,
    ],
    ["no kind", { target: {} }, `\`slipway:retraining.target.kind\` must be one of ${kinds}.`],
    [
      "a field of another kind",
      { target: { ...HOOK, dag: "d" } },
      "`slipway:retraining.target.dag` does not exist; there are kind, url.",
    ],
    [
      "a secret that is no text, without quoting it",
      { target: HOOK, token: ["hunter2"] },
      "`slipway:retraining.token` must be a text.",
    ],
    [
      "pods without a port",
      { target: HOOK, targetPods: [{ namespace: "n", podLabels: {} }] },
      "`slipway:retraining.targetPods[0].port` is missing: a number. Port that they listen on.",
    ],
    [
      "storage without a size",
      { target: HOOK, storage: {} },
      "`slipway:retraining.storage.size` is missing: a text. As in `1Gi`.",
    ],
  ];
  for (const [what, given, message] of refused) {
    it(`refuses ${what}`, () =>
      assert.throws(
        () => args(given),
        (error: Error) => error instanceof ConfigError && error.message === message,
      ));
  }

  it("must be a secret, as it has a token", () =>
    assert.throws(() => args({ target: HOOK }, false), /`slipway:retraining` holds secrets: set it with/));
});
