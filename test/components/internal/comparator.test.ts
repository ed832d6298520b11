import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import {
  comparatorDeployment,
  comparatorKey,
  comparatorKeyLine,
  slotShadow,
} from "../../../components/internal/comparator";
import { comparatorPolicy } from "../../../components/internal/comparator-flows";
import { createComparator } from "../../../components/internal/comparator-resources";
import { CertificateAuthority } from "../../../components";
import { findApiKey, parseApiKeys } from "../../../runtime/auth/api-keys";
import { COMPARE_OPTIONS } from "../../../runtime/comparator/compare-command";
import { readRules } from "../../../runtime/comparator/read-rules";
import { MOST_BYTES } from "../../../runtime/comparator/summary-file";
import { completeOptions, parseArguments, variableOf } from "../../../runtime/option-table";
import { checkShadow, SHADOW_OPTIONS } from "../../../runtime/shadow/shadow-options";
import { LARGEST_ANSWER } from "../../../runtime/shadow/answer-sender";
import { declare, type Declaration } from "../support/declared";

const IMAGE = `registry.example.com/slipway/runtime@sha256:${"0".repeat(64)}`;
const pods = {
  rollout: "text",
  image: IMAGE,
  live: "blue",
  imagePullSecrets: [],
  serviceAccountName: "text-comparator",
  tlsSecretName: "text-comparator-tls",
  keySecretName: "text-comparator-keys",
  rulesConfigMap: "text-comparator-rules",
} as const;
const files = { keySecretName: "text-comparator-keys", authorityConfigMap: "text-comparator-authority" };

// Specs hold outputs where names may: tests look into them as they come out.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
const plain = async (spec: unknown): Promise<any> =>
  (pulumi.output(spec) as unknown as { promise(): Promise<unknown> }).promise();

describe("comparatorDeployment", () => {
  it("runs one pod of the restricted standard, and never two at a time", async () => {
    const { replicas, strategy, template } = await plain(comparatorDeployment(pods));
    assert.equal(replicas, 1);
    assert.deepEqual(strategy, { type: "Recreate" });
    assert.equal(template.spec.automountServiceAccountToken, false);
    assert.equal(template.spec.securityContext.runAsNonRoot, true);
    const [container, ...others] = template.spec.containers;
    assert.deepEqual(others, []);
    assert.equal(container.image, IMAGE);
    assert.equal(container.securityContext.readOnlyRootFilesystem, true);
    assert.deepEqual(container.securityContext.capabilities, { drop: ["ALL"] });
    assert.deepEqual(container.readinessProbe.httpGet, {
      path: "/v2/health/ready",
      port: "https",
      scheme: "HTTPS",
    });
  });

  it("gives the command options that it takes, of files that are there", async () => {
    const { template } = await plain(comparatorDeployment(pods));
    const { args, volumeMounts } = template.spec.containers[0];
    const [command, ...argv] = args;
    assert.equal(command, "compare");
    const { values } = parseArguments(COMPARE_OPTIONS, "compare", argv);
    const options = completeOptions(COMPARE_OPTIONS, values);
    assert.equal(options["live"], "blue");
    assert.deepEqual([options["httpPort"], options["metricsPort"]], [8000, 8002]);
    const mounted = volumeMounts.map(({ mountPath }: { mountPath: string }) => mountPath) as string[];
    for (const key of ["rules", "tlsCert", "tlsKey", "apiKeysFile", "summaryFile"]) {
      const file = options[key] as string;
      assert.ok(
        mounted.some((path) => file.startsWith(`${path}/`)),
        file,
      );
    }
  });

  it("keeps what was compared where only this pod writes, with room for two summaries", async () => {
    const { template } = await plain(comparatorDeployment(pods));
    const { volumes, containers } = template.spec;
    const { emptyDir } = volumes.find(({ name }: { name: string }) => name === "summary");
    assert.ok(Number.parseInt(emptyDir.sizeLimit) * 2 ** 20 > 2 * MOST_BYTES, emptyDir.sizeLimit);
    const writable = containers[0].volumeMounts.filter(({ readOnly }: { readOnly?: boolean }) => !readOnly);
    assert.deepEqual(writable, [{ name: "summary", mountPath: "/var/lib/slipway" }]);
  });

  it("knows the hash of the key, and not the key", async () => {
    const { template } = await plain(comparatorDeployment(pods));
    const keys = template.spec.volumes.find(({ name }: { name: string }) => name === "keys");
    assert.deepEqual(keys.secret.items, [{ key: "api-keys", path: "api-keys" }]);
    const key = comparatorKey("a private key");
    const known = parseApiKeys(comparatorKeyLine(key));
    const owner = findApiKey(known, key, Date.now());
    assert.ok(typeof owner === "object");
    assert.deepEqual([owner.subject, [...owner.scopes!]], ["slots", ["infer", "metrics"]]);
    assert.equal(findApiKey(known, comparatorKey("another"), Date.now()), undefined);
    assert.match(key, /^slw_[\w-]{43}$/);
  });

  it("takes the largest answer that a slot sends", () => {
    assert.ok(LARGEST_ANSWER * 6 + 2 ** 20 < COMPARE_OPTIONS.maxBodyBytes.default);
  });
});

describe("slotShadow", () => {
  it("makes a slot send its answers, in options that the server takes", () => {
    const { environment, volume } = slotShadow("text", "green", 25, files);
    const byVariable = new Map(Object.keys(SHADOW_OPTIONS).map((key) => [variableOf(key), key]));
    assert.deepEqual(Object.keys(environment).sort(), [...byVariable.keys()].sort());
    const { values } = parseArguments(SHADOW_OPTIONS, "serve", [], environment);
    const options = completeOptions(SHADOW_OPTIONS, values) as never;
    checkShadow(options);
    const { shadowUrl, shadowSlot, shadowSamplePercent } = options as Record<string, unknown>;
    assert.deepEqual(
      [shadowUrl, shadowSlot, shadowSamplePercent],
      ["https://text-comparator:8000", "green", 25],
    );
    const items = volume.projected as { sources: { secret?: { items: { path: string }[] } }[] };
    // The hash alone would do no harm, and the slots do not need it.
    assert.deepEqual(items.sources[0]!.secret!.items, [{ key: "api-key", path: "api-key" }]);
    for (const file of [environment["SLIPWAY_SHADOW_CA_FILE"]!, environment["SLIPWAY_SHADOW_KEY_FILE"]!])
      assert.ok(file.startsWith(`${volume.mountPath}/`), file);
  });
});

describe("comparatorPolicy", () => {
  const slots = { "app.kubernetes.io/name": "slipway-server", "slipway.dev/rollout": "text" };

  it("lets answers of both slots and scrapes in, and nothing out", () => {
    const scraper = { namespace: "monitoring", podLabels: { app: "prometheus" } };
    const { podSelector, policyTypes, ingress, egress } = comparatorPolicy("text", [scraper]);
    assert.deepEqual(podSelector, {
      matchLabels: { "app.kubernetes.io/name": "slipway-comparator", "app.kubernetes.io/instance": "text" },
    });
    assert.deepEqual([policyTypes, egress], [["Ingress", "Egress"], []]);
    assert.deepEqual(ingress, [
      { from: [{ podSelector: { matchLabels: slots } }], ports: [{ protocol: "TCP", port: 8000 }] },
      {
        from: [
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } },
            podSelector: { matchLabels: { app: "prometheus" } },
          },
        ],
        ports: [{ protocol: "TCP", port: 8002 }],
      },
    ]);
  });

  it("has no rule for scrapes where nobody scrapes", () => {
    assert.equal((comparatorPolicy("text", []).ingress as unknown[]).length, 1);
  });
});

describe("createComparator", () => {
  const rules = { outputs: { y: { absolute: 0.01 } } };
  let declared: Declaration;

  const create = (change: object = {}) =>
    declare(() => {
      createComparator(
        "text",
        {
          rollout: "text",
          namespace: "models",
          image: IMAGE,
          imagePullSecrets: ["pull"],
          authority: new CertificateAuthority("authority"),
          scrapers: [{ namespace: "monitoring", podLabels: {} }],
          live: "green",
          samplePercent: 10,
          rules,
          ...change,
        },
        {},
      );
    });

  before(async () => {
    declared = await create();
  });

  it("has a certificate for the name that slots ask for", () => {
    const request = declared.resources.find(({ name }) => name === "text-comparator-tls-request")!;
    assert.deepEqual(request.inputs.dnsNames, ["text-comparator", "text-comparator.models.svc"]);
  });

  it("tells the comparator which slot is live, and follows other rules", async () => {
    const { template } = declared.object("Deployment", "text-comparator").spec;
    const { args } = template.spec.containers[0];
    assert.equal(args[args.indexOf("--live") + 1], "green");
    assert.deepEqual(template.spec.imagePullSecrets, [{ name: "pull" }]);
    const rulesOf = (one: Declaration) => {
      const { volumes } = one.object("Deployment", "text-comparator").spec.template.spec;
      return volumes.find(({ name }: { name: string }) => name === "rules").configMap.name as string;
    };
    const text = declared.object("ConfigMap", rulesOf(declared)).data["rules.json"] as string;
    assert.deepEqual(readRules(text), rules);
    assert.notEqual(rulesOf(await create({ rules: {} })), rulesOf(declared));
  });

  it("holds no update up, not even where it cannot start", () => {
    for (const kind of ["Deployment", "Service"]) {
      const { annotations } = declared.object(kind, "text-comparator").metadata;
      assert.deepEqual(annotations, { "pulumi.com/skipAwait": "true" });
    }
  });

  it("is scraped where somebody scrapes", async () => {
    const { spec } = declared.object("ServiceMonitor", "text-comparator");
    assert.deepEqual(spec.endpoints, [
      { port: "metrics", path: "/metrics", scheme: "http", interval: "15s" },
    ]);
    const { labels } = declared.object("Service", "text-comparator").metadata;
    assert.deepEqual({ ...labels, ...spec.selector.matchLabels }, labels);
    assert.deepEqual((await create({ scrapers: [] })).kind("ServiceMonitor"), []);
  });

  it("keeps the key in a Secret, and only its hash where the comparator reads", () => {
    const { inputs } = declared.resources.find(({ name }) => name === "text-comparator-keys")!;
    // The engine wraps what is secret.
    assert.ok(Object.keys(inputs.data).some((key) => key.startsWith("4dabf18193072939")));
    const text = (field: string) => Buffer.from(inputs.data.value[field] as string, "base64").toString();
    assert.equal(text("api-keys"), comparatorKeyLine(text("api-key")));
  });
});
