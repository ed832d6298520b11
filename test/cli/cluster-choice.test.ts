import assert from "node:assert/strict";
import { join } from "node:path";
import { assertOneCluster, meansExistingCluster } from "../../cli/up/cluster-choice";
import { stateDir } from "../../toolchain/paths";

describe("which cluster `up` and `doctor` speak of", () => {
  for (const [title, options, KUBECONFIG, expected] of [
    ["the embedded one where nothing is said", {}, undefined, false],
    ["the embedded one where KUBECONFIG is empty", {}, "", false],
    ["that of KUBECONFIG", {}, "/home/ana/.kube/config", true],
    ["the embedded one with --embedded", { embedded: true }, "/home/ana/.kube/config", false],
    ["that of --context", { context: "prod" }, undefined, true],
    [
      "the embedded one where KUBECONFIG is its own",
      {},
      join(stateDir(), "cluster", "..", "cluster/kubeconfig"),
      false,
    ],
    ["another where its folder only begins alike", {}, `${stateDir()}-of-prod/kubeconfig`, true],
  ] as const) {
    it(title, () => assert.equal(meansExistingCluster(options, { KUBECONFIG }), expected));
  }

  it("is one cluster, not two", () => {
    assert.throws(() => assertOneCluster({ embedded: true, context: "prod" }, true), {
      exitCode: 64,
      message: "`--embedded` is this project's own cluster and `--context` another; leave one of them out",
    });
  });

  it("takes options of an existing cluster for such a one alone", () => {
    const host = { host: "models.example.com" };
    for (const [flag, option] of [
      ["--registry", { registry: "r.example.com" }],
      ["--host", host],
      ["--runtime-image", { runtimeImage: "a@sha256:0" }],
    ] as const)
      assert.throws(() => assertOneCluster(option, false), {
        exitCode: 64,
        message: `\`${flag}\` is for an existing cluster; name one with \`--context\`, or set KUBECONFIG`,
      });
    assert.throws(() => assertOneCluster({ ...host, embedded: true }, false), {
      message: "`--host` is for an existing cluster; leave it or `--embedded` out",
    });
    assertOneCluster(host, true);
    assertOneCluster({ embedded: true }, false);
  });
});
