import * as assert from "node:assert";
import type { Properties } from "../../../../../toolchain/plugins/shared/values";
import { Scenario } from "./scenario";

const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const POD = "kubernetes:core/v1:Pod";
const QUOTA = "kubernetes:core/v1:ResourceQuota";
const SERVICE = "kubernetes:core/v1:Service";

/** What the API server refuses fails the preview already. */
describe("kubernetes plugin conformance: dry-run refusals", () => {
  let scenario: Scenario;
  before(async () => {
    scenario = await Scenario.start();
  });
  after(() => scenario?.stop());

  function service(name: string, spec: Properties): Properties {
    return { apiVersion: "v1", kind: "Service", metadata: { name, namespace: scenario.namespace }, spec };
  }

  it("an unknown field", async () => {
    const inputs = service("misspelt", { ports: [{ prot: 80, port: 80 }] });
    await assert.rejects(scenario.make(SERVICE, "misspelt", inputs, { preview: true }), /prot/);
  });

  it("a value of the wrong kind", async () => {
    const inputs = service("wrong", { ports: [{ port: 80, protocol: "XYZ" }] });
    await assert.rejects(
      scenario.make(SERVICE, "wrong", inputs, { preview: true }),
      /spec\.ports\[0\]\.protocol/,
    );
  });

  it("a change of an immutable field that the tables do not know", async () => {
    const inputs: Properties = { ...scenario.configMap("frozen", { a: "1" }), immutable: true };
    const made = await scenario.make(CONFIG_MAP, "frozen", inputs);
    const changed = { ...made.inputs, data: { a: "2" } };
    const update = scenario.provider.update(CONFIG_MAP, "frozen", made, changed, { preview: true });
    await assert.rejects(update, /immutable/);
  });

  it("what exceeds a quota", async () => {
    await scenario.make(QUOTA, "no-more", {
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: { name: "no-more", namespace: scenario.namespace },
      spec: { hard: { services: "0" } },
    });
    // The quota controller counts what is there before the quota binds.
    const refused = async () => {
      for (let attempt = 0; attempt < 50; attempt++) {
        await scenario.make(SERVICE, "too-many", service("too-many", { ports: [{ port: 80 }] }), {
          preview: true,
        });
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    };
    await assert.rejects(refused(), /quota/);
  });

  it("what pod security forbids", async () => {
    await scenario.meddle({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: {
        name: scenario.namespace,
        labels: { "pod-security.kubernetes.io/enforce": "restricted" },
      },
    });
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "rooted", namespace: scenario.namespace },
      spec: {
        containers: [{ name: "main", image: "example.com/none", securityContext: { privileged: true } }],
      },
    };
    await assert.rejects(scenario.make(POD, "rooted", pod, { preview: true }), /PodSecurity/);
  });

  it("a selector that does not match its template", async () => {
    const inputs = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "apart", namespace: scenario.namespace },
      spec: {
        selector: { matchLabels: { app: "a" } },
        template: { metadata: { labels: { app: "b" } }, spec: { containers: [{ name: "m", image: "i" }] } },
      },
    };
    await assert.rejects(scenario.make(DEPLOYMENT, "apart", inputs, { preview: true }), /selector/);
  });
});
