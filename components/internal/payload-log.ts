import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import type * as k8s from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import { PAYLOAD_LOG_PATH } from "../../runtime/contract";
import { ANY_ADDRESS } from "../model/repository-models";
import { PAYLOAD_LOG_DEFAULTS, payloadLogTarget, type PayloadLog } from "../serving/payload-log-settings";
import { nameAfter } from "./name-after";
import { peer } from "./network-policy";
import { variableOf } from "./server-options";

/** What makes a server keep a payload log: part of its environment, a volume where it needs one, and a flow. */
export interface ServerPayloadLog {
  readonly environment: Readonly<Record<string, string>>;
  readonly volumes: readonly (k8s.core.v1.Volume & { readonly name: string; readonly mountPath: string })[];
  readonly egress: k8s.networking.v1.NetworkPolicyEgressRule;
}

/** Keys of the Secret that the user makes, by kind of target. */
const CREDENTIALS = { kafka: ["username", "password"], s3: ["access-key-id", "secret-access-key"] } as const;
const CA_FILE = "ca.crt";

const file = (name: string) => `${PAYLOAD_LOG_PATH}/${name}`;

/** @param log checked */
export function createPayloadLog(
  name: string,
  metadata: { readonly [field: string]: unknown },
  log: PayloadLog,
  opts: pulumi.CustomResourceOptions,
): ServerPayloadLog {
  const { kind, ports } = payloadLogTarget(log)!;
  const { credentialsSecret, ca, pods = PAYLOAD_LOG_DEFAULTS.pods, cidrs = [] } = log;
  const caName = `${name}-payload-log-ca`;
  const caMap =
    ca === undefined
      ? undefined
      : new ConfigMap(caName, { metadata: { ...metadata, name: caName }, data: { [CA_FILE]: ca } }, opts);
  const sources: k8s.core.v1.VolumeProjection[] = [
    ...(credentialsSecret === undefined
      ? []
      : [
          {
            secret: {
              name: credentialsSecret,
              items: CREDENTIALS[kind].map((key) => ({ key, path: key })),
            },
          },
        ]),
    ...(caMap === undefined
      ? []
      : [{ configMap: { name: nameAfter(caMap, caName), items: [{ key: CA_FILE, path: CA_FILE }] } }]),
  ];
  const isAnywhere = kind === "s3" && log.endpoint === undefined && pods.length + cidrs.length === 0;
  return {
    environment: { ...commonOptions(log), ...(kind === "kafka" ? kafkaOptions(log) : s3Options(log)) },
    // 0440: the server's group may read them, nobody else.
    volumes:
      sources.length === 0
        ? []
        : [{ name: "payload-log", mountPath: PAYLOAD_LOG_PATH, projected: { defaultMode: 0o440, sources } }],
    egress: {
      to: isAnywhere
        ? [{ ipBlock: { cidr: ANY_ADDRESS.cidr, except: [...ANY_ADDRESS.except] } }]
        : [...pods.map(peer), ...cidrs.map((cidr) => ({ ipBlock: { cidr } }))],
      ports: ports.map((port) => ({ protocol: "TCP", port })),
    },
  };
}

function commonOptions(log: PayloadLog): Record<string, string> {
  return variables({
    payloadLog: log.target,
    payloadSampleRatio: log.sampleRatio ?? PAYLOAD_LOG_DEFAULTS.sampleRatio,
    payloadRedact: (log.redact ?? PAYLOAD_LOG_DEFAULTS.redact).join(",") || undefined,
    payloadMaxElements: log.maxElements ?? PAYLOAD_LOG_DEFAULTS.maxElements,
    payloadText: log.text ?? PAYLOAD_LOG_DEFAULTS.text,
  });
}

function kafkaOptions({ plaintext, ca, credentialsSecret, mechanism }: PayloadLog): Record<string, string> {
  const hasCredentials = credentialsSecret !== undefined;
  return variables({
    payloadBrokerTls: !(plaintext ?? PAYLOAD_LOG_DEFAULTS.plaintext),
    payloadBrokerCa: ca === undefined ? undefined : file(CA_FILE),
    payloadBrokerAuth: hasCredentials ? (mechanism ?? "scram-sha-512") : "none",
    payloadBrokerUsernameFile: hasCredentials ? file("username") : undefined,
    payloadBrokerPasswordFile: hasCredentials ? file("password") : undefined,
  });
}

function s3Options(log: PayloadLog): Record<string, string> {
  const { endpoint, region, encryption, kmsKey, flushInterval, plaintext, ca } = log;
  return {
    ...variables({
      payloadS3Endpoint: endpoint,
      payloadS3Region: region,
      payloadS3AccessKeyFile: file("access-key-id"),
      payloadS3SecretKeyFile: file("secret-access-key"),
      payloadS3Encryption: encryption,
      payloadS3KmsKey: kmsKey,
      payloadS3Insecure: plaintext,
      payloadFlushInterval: flushInterval ?? PAYLOAD_LOG_DEFAULTS.flushInterval,
    }),
    // The AWS SDK has no option of its own for it that all of its parts would follow.
    ...(ca === undefined ? {} : { NODE_EXTRA_CA_CERTS: file(CA_FILE) }),
  };
}

function variables(
  options: Readonly<Record<string, string | number | boolean | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(options).flatMap(([name, value]) =>
      value === undefined ? [] : [[variableOf(name), String(value)]],
    ),
  );
}
