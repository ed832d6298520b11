import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { previewProfile } from "../../cli/preview";
import { profiles } from "../../cli/profiles";
import { writeObjects } from "../../cli/render";
import { silent } from "../../toolchain/progress";
import { checkov, judged, waivers, type Finding } from "./checkov";
import { complaints, kubeconform } from "./schemas/kubeconform";

/** Objects that the scanners have to find fault with: were they not run at all, everything would pass. */
const FAULTY = [
  {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "open", namespace: "models" },
    spec: { containers: [{ name: "c", image: "nginx:latest", securityContext: { privileged: true } }] },
  },
  {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "mistyped", namespace: "models" },
    spec: { ports: [{ port: "http", targetport: 80 }] },
  },
  {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: { name: "mistyped", namespace: "models", label: { a: "b" } },
    spec: { rules: [{ backendRefs: [{ name: "s", port: 70_000 }] }] },
  },
  {
    apiVersion: "keda.sh/v1alpha1",
    kind: "ScaledObject",
    metadata: { name: "empty", namespace: "models" },
    spec: { triggers: [] },
  },
  { apiVersion: "example.com/v1", kind: "Unheard", metadata: { name: "of" } },
];

function nameIn(file: string): string {
  const { kind, metadata } = parse(readFileSync(file, "utf8")) as {
    kind: string;
    metadata?: { name?: string; namespace?: string };
  };
  return `${kind}/${metadata?.namespace}/${metadata?.name}`;
}

describe("every Kubernetes object of profile", function () {
  this.timeout(300_000);
  const root = mkdtempSync(join(tmpdir(), "slipway-scanned-"));
  after(() => rmSync(root, { recursive: true }));
  const found: Finding[] = [];

  for (const profile of profiles()) {
    describe(profile, () => {
      const folder = join(root, profile);
      const files: string[] = [];
      before(async () => {
        const { steps } = await previewProfile({ profile, offline: true }, silent);
        // As `slipway render` writes them, but each in a folder of its own: some get their names from the cluster.
        steps.forEach((step, i) => {
          const place = join(folder, String(i));
          files.push(...writeObjects([step], place).map((file) => join(place, file)));
        });
        assert.ok(files.length >= 30, `${files.length} objects`);
      });

      it("is accepted by kubeconform", async () => {
        const verdicts = await kubeconform(folder);
        assert.deepEqual(complaints(verdicts), []);
        assert.equal(verdicts.length, files.length);
      });

      it("passes every check of checkov that is not waived", async () => {
        const scan = await checkov(folder);
        found.push(...scan.failed);
        assert.deepEqual(judged(scan.failed, waivers()).open, []);
        // It counts objects of the same kind and name once, and of those without a name one.
        const different = new Set(files.map(nameIn)).size;
        assert.ok(scan.objects >= different, `${scan.objects} read of ${different}`);
        assert.ok(scan.passed > 100, `${scan.passed} passed`);
      });
    });
  }

  // In a suite of their own: mocha runs the cases of a suite before the suites within.
  describe("as a whole", () => {
    it("needs every waiver that there is", () => {
      assert.deepEqual(judged(found, waivers()).unused, []);
    });

    it("would not be accepted with mistakes", async () => {
      const folder = join(root, "faulty");
      mkdirSync(folder);
      FAULTY.forEach((object, i) => writeFileSync(join(folder, `${i}.yaml`), stringify(object)));
      const said = complaints(await kubeconform(folder)).join("\n");
      for (const mistake of [
        /^Service mistyped: .*additional properties 'targetport' not allowed/m,
        /^Service mistyped: .*got string, want integer/m,
        /^HTTPRoute mistyped: .*additional properties 'label' not allowed/m,
        /^HTTPRoute mistyped: .*maximum: got 70,000, want 65,535/m,
        /^ScaledObject empty: .*missing property 'scaleTargetRef'/m,
        /^Unheard of: could not find schema for Unheard/m,
      ])
        assert.match(said, mistake);
      assert.doesNotMatch(said, /^Pod open/m);
      const { failed } = await checkov(folder);
      const privileged = failed.find(({ check }) => check === "CKV_K8S_16");
      assert.deepEqual(privileged, {
        check: "CKV_K8S_16",
        name: "Container should not be privileged",
        resource: "Pod.models.open",
      });
    });
  });
});
