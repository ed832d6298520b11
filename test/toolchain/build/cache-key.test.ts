import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheKey } from "../../../toolchain/build/cache-key";
import { layoutOf } from "../../../toolchain/build/go-group";
import {
  ENVOY_GATEWAY_VERSION,
  GO_GROUPS,
  HELM_VERSION,
  KUBERNETES_VERSION,
  METRICS_SERVER_VERSION,
  PROMETHEUS_OPERATOR_VERSION,
  PROMETHEUS_VERSION,
  PULUMI_VERSION,
} from "../../../toolchain/build/tool-groups";
import { removeScratchFolders, scratchFolder } from "./scratch";

describe("cacheKey", () => {
  afterEach(removeScratchFolders);

  function files(...contents: string[]): string[] {
    const folder = scratchFolder();
    return contents.map((content, index) => {
      const path = join(folder, String(index));
      writeFileSync(path, content);
      return path;
    });
  }

  it("depends on content, not on place", () => {
    assert.equal(cacheKey(files("a", "b"), { flag: 1 }), cacheKey(files("a", "b"), { flag: 1 }));
  });

  it("differs with a file, with where one file ends, and with the settings", () => {
    const keys = [
      cacheKey(files("a", "b"), 1),
      cacheKey(files("a", "c"), 1),
      cacheKey(files("ab", ""), 1),
      cacheKey(files("a", "b"), 2),
    ];
    assert.equal(new Set(keys).size, keys.length);
    for (const key of keys) assert.match(key, /^[0-9a-f]{16}$/);
  });

  it("groups of one module graph share a folder", () => {
    assert.equal(layoutOf(GO_GROUPS.helm).root, layoutOf(GO_GROUPS.cluster).root);
    assert.notEqual(layoutOf(GO_GROUPS.engine).root, layoutOf(GO_GROUPS.cluster).root);
  });
});

describe("the committed module graphs", () => {
  const versions: [keyof typeof GO_GROUPS, string, string][] = [
    ["engine", "github.com/pulumi/pulumi/pkg/v3", PULUMI_VERSION],
    ["cluster", "k8s.io/kubernetes", KUBERNETES_VERSION],
    ["cluster", "github.com/envoyproxy/gateway", ENVOY_GATEWAY_VERSION],
    ["cluster", "github.com/prometheus-operator/prometheus-operator", PROMETHEUS_OPERATOR_VERSION],
    // Prometheus 3.13.0 is module version 0.313.0.
    ["cluster", "github.com/prometheus/prometheus", PROMETHEUS_VERSION.replace(/^(\d+)\.(\d+)/, "0.$1$2")],
    ["cluster", "sigs.k8s.io/metrics-server", METRICS_SERVER_VERSION],
    ["helm", "helm.sh/helm/v3", HELM_VERSION],
  ];
  const goMod = (name: keyof typeof GO_GROUPS): string =>
    readFileSync(join(GO_GROUPS[name].graph, "go.mod"), "utf8");
  for (const [name, module, version] of versions) {
    it(`hold ${module} ${version}`, () =>
      assert.ok(
        new RegExp(
          `^\\s*(require )?${module.replaceAll(".", "\\.")} v${version.replaceAll(".", "\\.")}\\b`,
          "m",
        ).test(goMod(name)),
      ));
  }

  for (const group of Object.values(GO_GROUPS)) {
    it(`have a tool line for each program of ${group.title}`, () => {
      const text = goMod(group.name);
      for (const program of group.programs)
        assert.match(text, new RegExp(`^(tool |\\t)${program.package}$`, "m"));
    });
  }

  it("use one version of Kubernetes' libraries", () => {
    const replaced = [...goMod("cluster").matchAll(/^\tk8s\.io\/\S+ => k8s\.io\/\S+ (\S+)$/gm)].map(
      (match) => match[1],
    );
    assert.ok(replaced.length > 20);
    assert.deepEqual([...new Set(replaced)], [`v${KUBERNETES_VERSION.replace(/^1/, "0")}`]);
  });
});
