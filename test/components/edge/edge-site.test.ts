import assert from "node:assert";
import { EdgeSite, type EdgeSiteArgs } from "../../../components";
import { resolveEdge } from "../../../components/internal/edge-resolve";
import { PULL_OPTIONS } from "../../../runtime/pull/pull-command";
import { flagOf } from "../../../runtime/option-table";
import { declare } from "../support/declared";
import { model } from "../support/examples";
import { noteTimeouts } from "../support/timeouts";
import { KEYS, METRICS, given, declared, secretOf } from "./support/site";

describe("EdgeSite", () => {
  it("keeps models on a claim of its own, and starts from it without asking anybody", async () => {
    const declaration = await declared();
    const claim = declaration.object("PersistentVolumeClaim", "store-cache");
    assert.deepStrictEqual(claim.spec, {
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: "4Gi" } },
    });
    const { spec } = declaration.object("Deployment", "store").spec.template;
    assert.deepStrictEqual(
      spec.volumes.find(({ name }: { name: string }) => name === "models"),
      { name: "models", persistentVolumeClaim: { claimName: "store-cache" } },
    );
    assert.ok(!JSON.stringify(spec.volumes).includes("hostPath"));
    const pulls = spec.initContainers as { args: string[]; imagePullPolicy: string }[];
    assert.deepStrictEqual(
      pulls.map(({ args }) => args),
      [
        [
          "pull",
          "--keep-verified",
          ...["--to", "/models", "--name", "ocr", "--version", "4", "--sha256", "b".repeat(64)],
          model("ocr", "4").source,
        ],
        [
          "pull",
          "--keep-verified",
          ...["--keep-only", "ocr/4,voice/1"],
          ...["--to", "/models", "--name", "voice", "--version", "1", "--sha256", "b".repeat(64)],
          model("voice", "1").source,
        ],
      ],
    );
    const flags = Object.keys(PULL_OPTIONS).map(flagOf);
    for (const flag of pulls.flatMap(({ args }) => args).filter((arg) => arg.startsWith("--"))) {
      assert.ok(flags.includes(flag), flag);
    }
    for (const container of [...pulls, ...spec.containers]) {
      assert.strictEqual(container.imagePullPolicy, "IfNotPresent");
    }
  });

  it("is one small replica that gives way to the next, whose models are there already", async () => {
    const declaration = await declared();
    const { spec } = declaration.object("Deployment", "store");
    assert.deepStrictEqual([spec.replicas, spec.strategy], [1, { type: "Recreate" }]);
    const [server] = spec.template.spec.containers;
    assert.deepStrictEqual(server.resources, {
      requests: { cpu: "100m", memory: "128Mi" },
      limits: { cpu: "1", memory: "512Mi" },
    });
    const [job] = declaration.kind("Job");
    const order = declaration.resources.map(({ name }) => name);
    assert.ok(order.indexOf("store-fetch") < order.indexOf("store-deployment"));
    const pod = job!.inputs.spec.template.spec;
    const fetches = [...pod.initContainers, ...pod.containers];
    assert.deepStrictEqual(
      fetches.map(({ name }) => name),
      ["pull-ocr-4", "pull-voice-1"],
    );
    // What still runs needs what an update does not.
    assert.ok(!JSON.stringify(fetches).includes("--keep-only"));
    assert.deepStrictEqual(pod.restartPolicy, "Never");
  });

  it("fetches other models in another Job, under labels that make no server of it", async () => {
    const nameOf = async (args: Partial<EdgeSiteArgs>) =>
      (await declared(args)).kind("Job")[0]!.inputs.metadata.name;
    const first = await nameOf({});
    assert.match(first, /^store-fetch-[0-9a-f]{8}$/);
    assert.strictEqual(await nameOf({ options: { instances: 2 } }), first);
    assert.notStrictEqual(await nameOf({ models: [model("ocr", "5")] }), first);
    const [job] = (await declared()).kind("Job");
    assert.strictEqual(job!.inputs.spec.template.metadata.labels["app.kubernetes.io/name"], "slipway-fetch");
  });

  it("stays on a node that its control plane cannot reach", async () => {
    const tolerations = [{ key: "edge", operator: "Exists" }];
    const declaration = await declared({ metrics: METRICS, tolerations, nodeSelector: { site: "store" } });
    for (const name of ["store", "store-agent"]) {
      const { spec } = declaration.object("Deployment", name).spec.template;
      assert.deepStrictEqual(spec.nodeSelector, { site: "store" });
      assert.deepStrictEqual(spec.tolerations, [
        { key: "edge", operator: "Exists" },
        { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute" },
        { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute" },
      ]);
    }
  });

  it("checks API keys at the site, from a Secret", async () => {
    const declaration = await declared();
    assert.strictEqual(secretOf(declaration, "store-keys").keys, KEYS);
    const [config] = declaration.kind("ConfigMap");
    assert.strictEqual(config!.inputs.data.SLIPWAY_API_KEYS_FILE, "/etc/slipway/keys/keys");
    assert.ok(!Object.keys(config!.inputs.data).some((name) => name.includes("JWKS_URL")));
    const [server] = declaration.object("Deployment", "store").spec.template.spec.containers;
    assert.deepStrictEqual(server.volumeMounts.at(-1), {
      name: "keys",
      mountPath: "/etc/slipway/keys",
      readOnly: true,
    });
  });

  it("can be called from the site's own network, and from nowhere else", async () => {
    const closed = await declared();
    assert.deepStrictEqual(closed.object("NetworkPolicy", "store").spec.ingress, []);
    assert.strictEqual(closed.object("Service", "store").spec.type, undefined);
    const open = await declared({ nodePort: 30443, clientCidrs: ["10.1.0.0/16"], hostNames: ["store.lan"] });
    assert.deepStrictEqual(open.object("NetworkPolicy", "store").spec.ingress, [
      {
        from: [{ ipBlock: { cidr: "10.1.0.0/16" } }],
        ports: [
          { protocol: "TCP", port: 8000 },
          { protocol: "TCP", port: 8001 },
        ],
      },
    ]);
    const { spec } = open.object("Service", "store");
    assert.deepStrictEqual([spec.type, spec.externalTrafficPolicy], ["NodePort", "Local"]);
    assert.deepStrictEqual(
      spec.ports.map(({ name, nodePort }: { name: string; nodePort?: number }) => [name, nodePort]),
      [
        ["http", 30443],
        ["grpc", undefined],
        ["metrics", undefined],
      ],
    );
    const request = open.resources.find(({ type }) => type === "tls:index/certRequest:CertRequest")!;
    assert.ok(
      open.resources.some(({ inputs }) => inputs.dnsNames?.includes("store.lan")),
      request.name,
    );
  });

  it("fetches with a login where it is given one", async () => {
    const declaration = await declared({ modelPullSecret: "models-login" });
    const { spec } = declaration.object("Deployment", "store").spec.template;
    const [pull] = spec.initContainers;
    const at = pull.args.indexOf("--registry-auth-file");
    assert.strictEqual(pull.args[at + 1], "/etc/slipway/registry/.dockerconfigjson");
    assert.ok(
      pull.volumeMounts.some(({ mountPath }: { mountPath: string }) => mountPath === "/etc/slipway/registry"),
    );
    assert.ok(
      spec.volumes.some(
        ({ secret }: { secret?: { secretName: string } }) => secret?.secretName === "models-login",
      ),
    );
  });

  it("grows memory, disk and time with the models", async () => {
    await declare(() => {
      const settings = resolveEdge("store", given({ modelSize: "256Mi" }));
      assert.deepStrictEqual(
        [settings.cache.size, settings.memoryRequest, settings.memoryLimit, settings.startupTimeout],
        ["4864Mi", "384Mi", "1Gi", 124],
      );
    });
  });

  it("is waited for as long as Kubernetes waits for it", async () => {
    const { timeouts, transformations } = noteTimeouts();
    const declaration = await declare(
      () => new EdgeSite("store", given({ startupTimeout: 3600 }), { transformations }),
    );
    const { progressDeadlineSeconds } = declaration.object("Deployment", "store").spec;
    assert.strictEqual(progressDeadlineSeconds, 3600 + 180);
    assert.deepStrictEqual(timeouts["store-deployment"], { create: "3840s", update: "3840s" });
  });
});
