import assert from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import {
  CertificateAuthority,
  EdgeSite,
  ModelRepository,
  type EdgeMetrics,
  type EdgeSiteArgs,
} from "../../../components";
import { agentConfig, bufferSize } from "../../../components/internal/edge-metrics";
import { resolveEdge } from "../../../components/internal/edge-resolve";
import { PULL_OPTIONS } from "../../../runtime/pull/pull-command";
import { flagOf } from "../../../runtime/option-table";
import { declare, type Declaration } from "../support/declared";
import { DIGEST, IMAGE, model } from "../support/examples";
import { s3Args } from "../support/repositories";

const KEYS = `till sha256:${"c".repeat(64)} infer\n`;
const METRICS: EdgeMetrics = {
  image: `r.example/prometheus@${DIGEST}`,
  url: "https://metrics.example.com/api/v1/write",
  username: "store",
  password: "hunter2",
};

const given = (args: Partial<EdgeSiteArgs> = {}): EdgeSiteArgs => {
  const models = args.models ?? [model("ocr", "4"), model("voice", "1")];
  return {
    namespace: "edge",
    image: IMAGE,
    repository: args.repository ?? new ModelRepository("models", { models }),
    models,
    authority: new CertificateAuthority("authority"),
    apiKeys: KEYS,
    ...args,
  };
};

const declared = (args: Partial<EdgeSiteArgs> = {}) => declare(() => new EdgeSite("store", given(args)));

async function reasons(args: Partial<EdgeSiteArgs>, name = "store"): Promise<string[]> {
  let found: string[] = [];
  await declare(() => {
    try {
      new EdgeSite(name, given(args));
    } catch (error) {
      assert.ok(pulumi.InputPropertiesError.isInstance(error), String(error));
      found = error.errors.map(({ propertyPath, reason }) => `\`${propertyPath}\`: ${reason}`);
    }
  });
  return found;
}

/** What a Secret holds; its data are marked as secret. */
function secretOf(declaration: Declaration, name: string): Record<string, string> {
  const { data } = declaration.resources.find((resource) => resource.name === name)!.inputs;
  assert.ok("value" in data, "the data are no secret");
  return Object.fromEntries(
    Object.entries(data.value as Record<string, string>).map(([file, text]) => [
      file,
      Buffer.from(text, "base64").toString(),
    ]),
  );
}

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

  describe("its metrics", () => {
    it("are sent by an agent that asks no API server and takes no calls", async () => {
      const declaration = await declared({ metrics: METRICS });
      const { spec } = declaration.object("Deployment", "store-agent").spec.template;
      assert.strictEqual(spec.automountServiceAccountToken, false);
      const [prometheus] = spec.containers;
      assert.deepStrictEqual(prometheus.args, [
        "--agent",
        "--config.file=/etc/prometheus/prometheus.yml",
        "--storage.agent.path=/prometheus",
        "--storage.agent.retention.max-time=72h",
        "--storage.agent.no-lockfile",
        "--web.listen-address=:9090",
      ]);
      assert.strictEqual(prometheus.securityContext.readOnlyRootFilesystem, true);
      const { spec: flows } = declaration.object("NetworkPolicy", "store-agent");
      assert.deepStrictEqual(flows.ingress, []);
      const ports = flows.egress.flatMap((rule: { ports: { port: number }[] }) =>
        rule.ports.map(({ port }) => port),
      );
      assert.deepStrictEqual(ports, [53, 53, 443, 8002]);
      const [, scrape] = [null, declaration.object("NetworkPolicy", "store").spec.ingress[0]];
      assert.deepStrictEqual(
        scrape.from[0].podSelector.matchLabels["app.kubernetes.io/name"],
        "slipway-agent",
      );
    });

    it("go over TLS with credentials that stand in a Secret and nowhere else", async () => {
      const declaration = await declared({ metrics: { ...METRICS, caCertificate: "CA" } });
      const config = declaration.resources.find(({ name }) => name === "store-agent-config")!.inputs.data[
        "prometheus.yml"
      ];
      assert.ok(!config.includes("hunter2"));
      assert.deepStrictEqual(JSON.parse(config).remote_write[0], {
        url: METRICS.url,
        remote_timeout: "30s",
        tls_config: { min_version: "TLS12", ca_file: "/etc/prometheus-credentials/ca.crt" },
        basic_auth: { username: "store", password_file: "/etc/prometheus-credentials/password" },
        queue_config: { max_shards: 4, capacity: 5000, max_samples_per_send: 1000, max_backoff: "30s" },
      });
      assert.deepStrictEqual(secretOf(declaration, "store-agent-credentials"), {
        password: "hunter2",
        "ca.crt": "CA",
      });
    });

    it("name their site and are bounded in number", () => {
      const resolved = {
        ...METRICS,
        majorVersion: 3,
        bufferHours: 72,
        scrapeInterval: 30,
        maxSeries: 2000,
      } as const;
      const config = JSON.parse(
        agentConfig(resolved, { site: "store", namespace: "edge", username: undefined }),
      );
      assert.deepStrictEqual(config.global, { scrape_interval: "30s", external_labels: { site: "store" } });
      const [scrape] = config.scrape_configs;
      assert.deepStrictEqual(
        [scrape.sample_limit, scrape.static_configs[0].targets],
        [2000, ["store.edge.svc:8002"]],
      );
    });

    it("have a volume for the hours that the uplink may be away", async () => {
      const sized = (metrics: Partial<EdgeMetrics>) =>
        bufferSize({
          ...METRICS,
          majorVersion: 3,
          bufferHours: 72,
          scrapeInterval: 30,
          maxSeries: 2000,
          ...metrics,
        });
      // 8640 scrapes of 2000 samples of 16 bytes, twice, and 256 MiB.
      assert.strictEqual(sized({}), `${256 + Math.ceil((8640 * 2000 * 16 * 2) / 2 ** 20)}Mi`);
      const declaration = await declared({ metrics: { ...METRICS, bufferHours: 24, majorVersion: 2 } });
      const claim = declaration.object("PersistentVolumeClaim", "store-agent");
      assert.strictEqual(claim.spec.resources.requests.storage, sized({ bufferHours: 24 }));
      const [{ args }] = declaration.object("Deployment", "store-agent").spec.template.spec.containers;
      assert.deepStrictEqual(
        [args[0], args[3]],
        ["--enable-feature=agent", "--storage.agent.retention.max-time=24h"],
      );
    });

    it("are kept at the site where there is no receiver", async () => {
      const declaration = await declared();
      assert.deepStrictEqual(
        declaration.kind("Deployment").map(({ name }) => name),
        ["store-deployment"],
      );
    });
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

  describe("refuses", () => {
    const metrics = (change: Partial<EdgeMetrics>) => ({ metrics: { ...METRICS, ...change } });
    const CASES: [Partial<EdgeSiteArgs>, string][] = [
      [
        { image: "r.example/slipway:1" },
        '`image`: "r.example/slipway:1" must end in a digest (@sha256:<64 hex digits>): a tag can be moved',
      ],
      [
        { apiKeys: "# nobody\n" },
        "`apiKeys`: must hold at least one line as `slipway api-key` prints it: nobody could call the site otherwise",
      ],
      [{ nodePort: 30443 }, "`clientCidrs`: must be given with `nodePort`: nobody could call it otherwise"],
      [
        { clientCidrs: ["10.0.0.0/8"] },
        "`nodePort`: must be given with `clientCidrs`: nothing else leads into the cluster",
      ],
      [
        { clientCidrs: ["0.0.0.0/0"], nodePort: 30443 },
        `\`clientCidrs[0]\`: "0.0.0.0/0" is everyone; name the site's own network`,
      ],
      [{ certificateDays: 30 }, "`certificateDays`: 30 must be a whole number of days from 31 to 3650"],
      [{ ipAddresses: ["store"] }, '`ipAddresses[0]`: "store" must be an IPv4 address'],
      [
        { cache: { size: "1Gi" }, modelSize: "600Mi" },
        '`cache.size`: "1Gi" must hold models of 600Mi (`modelSize`) twice: those that are served and the next ones',
      ],
      [{ fetchTimeout: 1 }, "`fetchTimeout`: 1 must be a whole number of seconds from 60 to 86400"],
      [{ memoryRequest: "1Gi" }, '`memoryRequest`: "1Gi" must be <= `memoryLimit` ("512Mi")'],
      [
        metrics({ url: "http://metrics.example.com" }),
        '`metrics.url`: "http://metrics.example.com" must be an https:// address without credentials, query or fragment',
      ],
      [
        metrics({ url: "https://store:hunter2@metrics.example.com" }),
        '`metrics.url`: "…" must be an https:// address without credentials, query or fragment',
      ],
      [
        metrics({ username: undefined, password: undefined }),
        "`metrics`: must have `username`, `bearerToken` or `clientCertificate`: a receiver that asks nobody takes samples of anybody",
      ],
      [
        metrics({ bearerToken: "t" }),
        "`metrics.bearerToken`: must not be given with `username`: a request carries one of both",
      ],
      [
        metrics({ password: undefined }),
        "`metrics.password`: must be given with `username`, and that with it",
      ],
      [metrics({ bufferHours: 1 }), "`metrics.bufferHours`: 1 must be a whole number of hours from 2 to 720"],
      [
        metrics({ image: "prom/prometheus:v3" }),
        '`metrics.image`: "prom/prometheus:v3" must end in a digest (@sha256:<64 hex digits>): a tag can be moved',
      ],
    ];
    for (const [args, sentence] of CASES) {
      it(sentence.split(" ").slice(0, 10).join(" "), async () =>
        assert.deepStrictEqual(await reasons(args), [sentence]),
      );
    }

    it("models of a bucket, to which nobody gives it credentials", async () => {
      let found = "";
      await declare(() => {
        const repository = new ModelRepository("models", s3Args({ existing: { bucket: "my-models" } }));
        try {
          new EdgeSite("store", given({ repository, models: [...repository.models] }));
        } catch (error) {
          found = (error as Error).message;
        }
      });
      assert.strictEqual(
        found,
        'EdgeSite "store": `repository`: is of kind "s3", but a site fetches from "oci" repositories: nobody gives it credentials for a bucket',
      );
    });

    it("a name that cannot be a Service's", async () =>
      assert.deepStrictEqual(await reasons({}, "12"), [
        '`name`: "12" must be at most 40 lower-case letters, digits and "-", beginning with a letter: it names the Service',
      ]));
  });
});
