import assert from "node:assert";
import {
  CertificateAuthority,
  InferenceService,
  ModelRepository,
  QueueWorker,
  type PayloadLog,
} from "../../../components";
import { parseArguments, variableOf } from "../../../runtime/option-table";
import { PAYLOAD_OPTIONS, type PayloadOptions } from "../../../runtime/payload-log/payload-options";
import { payloadTarget } from "../../../runtime/payload-log/payload-target";
import { declare, type Declaration } from "../support/declared";
import { IMAGE, model } from "../support/examples";

const MODELS = [model("a")];
const PODS = [{ namespace: "kafka", podLabels: { app: "kafka" } }];
const KAFKA: PayloadLog = { target: "kafka://kafka-0.kafka.svc:9093/payloads", pods: PODS };
const S3: PayloadLog = { target: "s3://payloads/text", region: "eu-central-1", credentialsSecret: "bucket" };
const CA = "-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n";

const common = () => ({
  namespace: "ns",
  image: IMAGE,
  repository: new ModelRepository("models", { models: MODELS }),
  models: MODELS,
  authority: new CertificateAuthority("authority"),
});
const service = (payloadLog: PayloadLog) => () => new InferenceService("text", { ...common(), payloadLog });

const environmentOf = (declared: Declaration, name = "text"): Record<string, string> =>
  declared.kind("ConfigMap").find((one) => one.name === `${name}-options`)!.inputs.data;
/** The payload log's options, as the server reads them from its environment. */
function optionsOf(declared: Declaration, name = "text"): Partial<PayloadOptions> {
  const environment = environmentOf(declared, name);
  const known = Object.keys(PAYLOAD_OPTIONS).map(variableOf);
  const own = Object.keys(environment).filter((variable) => variable.startsWith("SLIPWAY_PAYLOAD"));
  assert.deepEqual(
    own.filter((variable) => !known.includes(variable)),
    [],
  );
  return parseArguments(PAYLOAD_OPTIONS, "serve", [], environment).values;
}
const volumeOf = (declared: Declaration, name = "text") =>
  declared
    .object("Deployment", name)
    .spec.template.spec.volumes.find((volume: { name: string }) => volume.name === "payload-log");

describe("a service's payload log", () => {
  it("is not there unless it is asked for", async () => {
    const declared = await declare(() => new InferenceService("text", common()));
    assert.deepEqual([optionsOf(declared), volumeOf(declared)], [{}, undefined]);
  });

  it("goes to a topic with credentials that the pods read from a Secret", async () => {
    const declared = await declare(
      service({
        ...KAFKA,
        credentialsSecret: "log-user",
        ca: CA,
        redact: ["iban", "x[2]"],
        sampleRatio: 0.5,
      }),
    );
    assert.deepEqual(optionsOf(declared), {
      payloadLog: KAFKA.target,
      payloadSampleRatio: 0.5,
      payloadRedact: ["iban", "x[2]"],
      payloadMaxElements: 16,
      payloadText: false,
      payloadBrokerTls: true,
      payloadBrokerCa: "/etc/slipway/payload-log/ca.crt",
      payloadBrokerAuth: "scram-sha-512",
      payloadBrokerUsernameFile: "/etc/slipway/payload-log/username",
      payloadBrokerPasswordFile: "/etc/slipway/payload-log/password",
    });
    assert.deepEqual(volumeOf(declared).projected, {
      defaultMode: 0o440,
      sources: [
        {
          secret: {
            name: "log-user",
            items: [
              { key: "username", path: "username" },
              { key: "password", path: "password" },
            ],
          },
        },
        { configMap: { name: "text-payload-log-ca", items: [{ key: "ca.crt", path: "ca.crt" }] } },
      ],
    });
    assert.equal(declared.object("ConfigMap", "text-payload-log-ca").data["ca.crt"], CA);
    const { egress } = declared.object("NetworkPolicy", "text").spec;
    assert.deepEqual(egress.at(-1), {
      to: [
        {
          namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kafka" } },
          podSelector: { matchLabels: { app: "kafka" } },
        },
      ],
      ports: [{ protocol: "TCP", port: 9093 }],
    });
  });

  it("goes to a bucket of AWS, encrypted with a key", async () => {
    const declared = await declare(service({ ...S3, encryption: "aws:kms", kmsKey: "alias/payloads" }));
    const {
      payloadS3Region,
      payloadS3Encryption,
      payloadS3KmsKey,
      payloadS3SecretKeyFile,
      payloadFlushInterval,
    } = optionsOf(declared);
    assert.deepEqual(
      [payloadS3Region, payloadS3Encryption, payloadS3KmsKey, payloadS3SecretKeyFile, payloadFlushInterval],
      ["eu-central-1", "aws:kms", "alias/payloads", "/etc/slipway/payload-log/secret-access-key", 60],
    );
    assert.deepEqual(declared.object("NetworkPolicy", "text").spec.egress.at(-1), {
      to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } }],
      ports: [{ protocol: "TCP", port: 443 }],
    });
  });

  it("goes to a store in the cluster, with an authority of its own", async () => {
    const minio = { ...S3, endpoint: "https://minio.storage.svc:9000", ca: CA, cidrs: ["10.1.0.0/16"] };
    const declared = await declare(service(minio));
    assert.equal(environmentOf(declared).NODE_EXTRA_CA_CERTS, "/etc/slipway/payload-log/ca.crt");
    assert.equal(optionsOf(declared).payloadS3Endpoint, "https://minio.storage.svc:9000");
    const { to, ports } = declared.object("NetworkPolicy", "text").spec.egress.at(-1);
    assert.deepEqual([to, ports[0].port], [[{ ipBlock: { cidr: "10.1.0.0/16" } }], 9000]);
  });

  it("is a worker's too, beside its queues", async () => {
    const declared = await declare(
      () =>
        new QueueWorker("pages", {
          ...common(),
          queue: { kind: "kafka", brokers: ["a:9093"], requests: "pages", results: "texts" },
          brokerCidrs: ["10.20.0.0/16"],
          payloadLog: { ...S3, cidrs: ["10.30.0.0/16"] },
        }),
    );
    assert.equal(optionsOf(declared, "pages").payloadLog, S3.target);
    assert.ok(volumeOf(declared, "pages"));
    const cidrs = declared
      .object("NetworkPolicy", "pages")
      .spec.egress.flatMap(({ to }: { to: { ipBlock?: { cidr: string } }[] }) =>
        to.map((one) => one.ipBlock?.cidr),
      );
    for (const cidr of ["10.20.0.0/16", "10.30.0.0/16"]) assert.ok(cidrs.includes(cidr), cidr);
  });

  const form = "`kafka://HOST:PORT[,HOST:PORT…]/TOPIC` or `s3://BUCKET[/PREFIX]`, without credentials";
  const refused: [PayloadLog, string][] = [
    [{ target: "/var/log/payloads" }, `\`payloadLog.target\`: "/var/log/payloads" must be ${form}`],
    [{ target: "kafka://a/t" }, `\`payloadLog.target\`: "kafka://a/t" must be ${form}`],
    [{ target: "kafka://a:99999/t" }, `\`payloadLog.target\`: "kafka://a:99999/t" must be ${form}`],
    [{ target: "s3://b" }, `\`payloadLog.target\`: "s3://b" must be ${form}`],
    [{ target: "kafka://me:hunter2@a:1/t" }, `\`payloadLog.target\`: what is given must be ${form}`],
    [
      { target: KAFKA.target },
      "`payloadLog.pods`: must be given, or `cidrs`: the pods may connect to nothing else",
    ],
    [
      { ...KAFKA, region: "eu" },
      '`payloadLog.region`: is of no use for "kafka://kafka-0.kafka.svc:9093/payloads": it is about s3://',
    ],
    [
      { ...KAFKA, mechanism: "plain" },
      '`payloadLog.mechanism`: "plain" is of no use without `credentialsSecret`',
    ],
    [
      { ...KAFKA, credentialsSecret: "x", plaintext: true },
      "`payloadLog.credentialsSecret`: must not be given with `plaintext`: it could be read on its way",
    ],
    [{ ...KAFKA, ca: "x" }, "`payloadLog.ca`: must be a certificate in PEM form"],
    [
      { target: "s3://payloads" },
      "`payloadLog.credentialsSecret`: must be given: a Secret with `access-key-id` and `secret-access-key`",
    ],
    [
      { ...S3, endpoint: "http://minio:9000", cidrs: ["10.0.0.0/8"] },
      '`payloadLog.endpoint`: "http://minio:9000" speaks plain HTTP, over which payloads can be read: use https://, or set `plaintext`',
    ],
    [
      { ...S3, endpoint: "minio", cidrs: ["10.0.0.0/8"] },
      '`payloadLog.endpoint`: "minio" must be an address: https://host[:port]',
    ],
    [{ ...S3, kmsKey: "k" }, '`payloadLog.kmsKey`: "k" needs `encryption` "aws:kms"'],
    [
      { ...S3, encryption: "rot13" as "none" },
      '`payloadLog.encryption`: "rot13" must be one of none, AES256, aws:kms',
    ],
    [{ ...S3, sampleRatio: 0 }, "`payloadLog.sampleRatio`: 0 must be more than 0 and at most 1"],
    [{ ...S3, sampleRatio: 1.5 }, "`payloadLog.sampleRatio`: 1.5 must be more than 0 and at most 1"],
    [{ ...S3, maxElements: -1 }, "`payloadLog.maxElements`: -1 must be a whole number from 0 to 65536"],
    [{ ...S3, redact: ["a,b"] }, '`payloadLog.redact[0]`: "a,b" must be a tensor\'s name without commas'],
    [{ ...S3, flushInterval: 0 }, "`payloadLog.flushInterval`: 0 must be from 1 to 3600 seconds"],
    [
      { ...S3, cidrs: ["10.0.0.1"] },
      '`payloadLog.cidrs[0]`: "10.0.0.1" must be an IPv4 range, as in "10.1.0.0/16"',
    ],
  ];
  for (const [payloadLog, sentence] of refused) {
    it(`is refused as ${JSON.stringify(payloadLog)}`, async () => {
      const declared = await declare(() =>
        assert.throws(service(payloadLog), { message: `InferenceService "text": ${sentence}` }),
      );
      assert.equal(declared.kind("Deployment").length, 0);
    });
  }

  it("takes no target that the server would refuse", () => {
    for (const target of [KAFKA.target, S3.target, "s3://payloads", "s3://payloads/a=b/c/"])
      payloadTarget(target);
  });
});
