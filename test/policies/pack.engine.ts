import assert from "node:assert";
import { join } from "node:path";
import { podTemplate } from "./support/world";
import { withWorkspace } from "../support/engine";

const PACK = join(__dirname, "../../policies");

/** A program with a namespace, its default deny and one deployment of the given pod template. */
function program(template: unknown): string {
  return `
const k8s = require("@pulumi/kubernetes");
const metadata = { namespace: "team" };
new k8s.core.v1.Namespace("team", {
  metadata: { name: "team", labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
});
new k8s.networking.v1.NetworkPolicy("deny", {
  metadata: { ...metadata, name: "deny" },
  spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
});
new k8s.policy.v1.PodDisruptionBudget("text", {
  metadata: { ...metadata, name: "text" },
  spec: {
    maxUnavailable: 1,
    unhealthyPodEvictionPolicy: "AlwaysAllow",
    selector: { matchLabels: { app: "text" } },
  },
});
new k8s.apps.v1.Deployment("text", {
  metadata: { ...metadata, name: "text" },
  spec: { replicas: 2, selector: { matchLabels: { app: "text" } }, template: ${JSON.stringify(template)} },
});
`;
}

const good = podTemplate() as { spec: { containers: Record<string, unknown>[] } };
const bad = structuredClone(good);
Object.assign(bad.spec.containers[0] ?? {}, { image: "registry.example/server:latest" });
const options = { policyPacks: [PACK], env: { SLIPWAY_OFFLINE: "1" } };

describe("The pack under the engine", function () {
  this.timeout(120_000);

  it("stops a preview that breaks a mandatory rule, and names rule, resource and value", async () => {
    await withWorkspace(
      program(bad),
      async (workspace) => {
        const run = await workspace.preview();
        const text = run.stdout + run.stderr;
        assert.notStrictEqual(run.code, 0, text);
        assert.match(text, /mandatory/);
        assert.match(text, /container-image-digest/);
        assert.match(text, /Deployment `team\/text`/);
        assert.match(text, /registry\.example\/server:latest/);
      },
      options,
    );
  });

  it("lets a mended program pass without a word", async () => {
    await withWorkspace(
      program(good),
      async (workspace) => {
        const run = await workspace.preview();
        assert.strictEqual(run.code, 0, run.stdout + run.stderr);
        assert.doesNotMatch(run.stdout, /advisory|mandatory/);
      },
      options,
    );
  });

  it("says so where a preview cannot know, and does not stop", async () => {
    const text = program(good).replace(
      /^const metadata/m,
      `const random = new (require("@pulumi/tls").PrivateKey)("key", { algorithm: "ECDSA", ecdsaCurve: "P256" });\nconst metadata`,
    );
    const unknown = text.replace(/"image":"[^"]*"/, '"image": random.publicKeyFingerprintSha256');
    await withWorkspace(
      unknown,
      async (workspace) => {
        const run = await workspace.preview();
        assert.strictEqual(run.code, 0, run.stdout + run.stderr);
        assert.match(run.stdout + run.stderr, /can't run policy 'container-image-digest'/);
      },
      options,
    );
  });

  it("takes enforcement and parameters from a configuration file", async () => {
    const config = JSON.stringify({
      "container-image-digest": "advisory",
      "deployment-minimum-replica-count": { enforcementLevel: "mandatory", minimum: 3 },
    });
    await withWorkspace(
      program(good),
      async (workspace) => {
        const run = await workspace.preview("--policy-pack-config", "config.json");
        assert.notStrictEqual(run.code, 0, run.stdout + run.stderr);
        assert.match(run.stdout + run.stderr, /must run at least 3 replicas, not 2/);
      },
      { ...options, files: { "config.json": config } },
    );
  });

  it("sees across resources: a route whose own policy takes the gateway's authentication away", async () => {
    const open = `
const k8s = require("@pulumi/kubernetes");
const make = (name, group, version, kind, spec) => new k8s.apiextensions.CustomResource(\`\${name}-\${kind}\`, {
  apiVersion: \`\${group}/\${version}\`, kind, metadata: { namespace: "team", name }, spec,
});
const route = { group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: "open" };
const rules = [{ filters: [{ type: "URLRewrite", urlRewrite: { hostname: "x" } }] }];
const jwt = { providers: [{ name: "own", issuer: "https://issuer.example", audiences: ["slipway"] }] };
make("gateway", "gateway.networking.k8s.io", "v1", "Gateway", { gatewayClassName: "x", listeners: [] });
make("open", "gateway.networking.k8s.io", "v1", "HTTPRoute", { parentRefs: [{ name: "gateway" }], rules });
make("jwt", "gateway.envoyproxy.io", "v1alpha1", "SecurityPolicy", {
  targetRefs: [{ ...route, kind: "Gateway", name: "gateway" }], jwt,
});
make("cors", "gateway.envoyproxy.io", "v1alpha1", "SecurityPolicy", {
  targetRefs: [route], cors: { allowOrigins: ["https://app.example"] },
});
`;
    await withWorkspace(
      open,
      async (workspace) => {
        const run = await workspace.preview();
        assert.notStrictEqual(run.code, 0, run.stdout + run.stderr);
        assert.match(
          run.stdout + run.stderr,
          /HTTPRoute `team\/open` is served under SecurityPolicy `team\/cors`, which does not authenticate callers/,
        );
      },
      options,
    );
  });
});
