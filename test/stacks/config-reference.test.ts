import { ALERT_FIELDS } from "../../stacks/alerts-config";
import { OBJECTIVES_FIELDS } from "../../stacks/objectives-config";
import { EXPORTER_FIELDS, TELEMETRY_FIELDS } from "../../stacks/telemetry-config";
import { RETRAINING_FIELDS, TARGET_FIELDS } from "../../stacks/retraining-config";
import { POOL_FIELDS } from "../../stacks/pool-config";
import {
  ACCESS_FIELDS,
  ALERT_ROUTE_FIELDS,
  EXISTING_FIELDS,
  RECEIVER_FIELDS,
  REMOTE_WRITE_FIELDS,
} from "../../stacks/monitoring-config";
import { REQUIREMENT_FIELDS, TOLERATION_FIELDS } from "../../stacks/placement-config";
import { GATE_FIELDS } from "../../stacks/gate-config";
import { ROLLOUT_FIELDS, STRATEGY_FIELDS } from "../../stacks/rollout-config";
import { TRAFFIC_FIELDS } from "../../stacks/traffic-config";
import { PAYLOAD_LOG_FIELDS } from "../../stacks/payload-log-config";
import { SCALING_FIELDS } from "../../stacks/scaling-config";
import { MODEL_FIELDS, SERVICE_FIELDS } from "../../stacks/service-config";
import { SETTINGS, type Setting } from "../../stacks/settings";
import { assertReferencePage, table } from "../support/reference-page";

interface Row {
  readonly type: string;
  readonly default?: string;
  readonly required?: boolean;
  readonly values?: readonly string[];
  readonly doc: string;
}

function rows(entries: Readonly<Record<string, Row>>): string[][] {
  return Object.entries(entries).map(([key, row]) => [
    `\`${key}\``,
    row.values ? row.values.map((value) => `\`${value}\``).join(", ") : row.type,
    row.required ? "**required**" : (row.default ?? "none"),
    row.doc,
  ]);
}

/** Rows of what comes in kinds, with the kind in front. */
const rowsByKind = (kinds: Readonly<Record<string, Readonly<Record<string, Row>>>>): string[][] =>
  Object.entries(kinds).flatMap(([kind, fields]) =>
    Object.keys(fields).length === 0
      ? [[`\`${kind}\``, "", "", "", ""]]
      : rows(fields).map((row) => [`\`${kind}\``, ...row]),
  );

const HEAD = ["key", "type", "default", "meaning"];

const PAGE = `# Configuration

A stack's name is its profile: \`local\` (the embedded cluster), \`onprem\` (an existing cluster) or \`aws\` (network, EKS cluster,
nodes and platform services as well). Its configuration lies in
\`Pulumi.<profile>.yaml\`, every key in the namespace \`slipway\`, as in \`slipway:host: models.example.com\`. A key that does not
exist, a value that does not fit and a required key that is missing are refused with one sentence before anything is made.

For profile \`local\`, \`npm run up\` completes \`Pulumi.local.yaml\` with what it has built itself: the images, the models' sources
and digests, and \`insecureRegistries\`, since the registry inside the node speaks plain HTTP.

The configuration holds no secret in the open: keys and certificates are made by the stack and live, encrypted, in its state, and keys
that hold secrets (\`alertReceivers\`, \`remoteWrite\`, \`monitoringAccess\`) are refused where they are not encrypted.

## Keys

${table(HEAD, rows(SETTINGS as Readonly<Record<string, Setting>>))}

## An entry of \`services\`

${table(HEAD, rows(SERVICE_FIELDS))}

CPU and memory are Kubernetes quantities (\`250m\`, \`1.5\`; \`512Mi\`, \`2Gi\`).

## \`scaling\` of a service

${table(HEAD, rows(SCALING_FIELDS))}

With \`replicas: 0\` the first requests are answered with 503 until a pod is ready; clients must try again.

## \`objectives\` of a service

${table(HEAD, rows(OBJECTIVES_FIELDS))}

A service with a \`rollout\` has them as a whole, not by slot. [docs/alerts.md](../alerts.md) tells what follows from them.

## \`payloadLog\` of a service

${table(HEAD, rows(PAYLOAD_LOG_FIELDS))}

[docs/observability.md](../observability.md#payload-log) tells what is in it.

## \`alerts\`

${table(HEAD, rows(ALERT_FIELDS))}

## \`rollout\` of a service

${table(HEAD, rows(ROLLOUT_FIELDS))}

A slot has \`models\`, an \`image\` of its own where it needs one, and any field of a service but \`name\`, \`rollout\` and \`objectives\`; what it does
not say, the service does. [docs/traffic.md](../traffic.md) tells how requests move.

A \`strategy\` has a \`kind\` and the fields of that kind:

${table(["kind", ...HEAD], rowsByKind(STRATEGY_FIELDS))}

An entry of \`gates\` has a \`kind\`, a \`name\` and the fields of that kind:

${table(["kind", ...HEAD], rowsByKind(GATE_FIELDS))}

## An entry of \`traffic\`

By the name of a service with a \`rollout\`, as in \`slipway:traffic: { text: { live: blue, weights: { blue: 95, green: 5 } } }\`:

${table(HEAD, rows(TRAFFIC_FIELDS))}

## \`telemetry\`

As in \`slipway:telemetry: { collector: { image: …@sha256:… }, samplePercent: 5 }\`; [docs/tracing.md](../tracing.md) tells what follows
from it.

${table(HEAD, rows(TELEMETRY_FIELDS))}

## An entry of \`telemetryExporters\`

${table(HEAD, rows(EXPORTER_FIELDS))}

## \`retraining\`

What trains models again; [docs/retraining.md](../retraining.md) tells what it is sent. Set it as a secret, as \`alertReceivers\`:

\`\`\`sh
pulumi config set --secret slipway:retraining '{ "target": { "kind": "github", "repository": "acme/models" }, "token": "…" }'
\`\`\`

${table(HEAD, rows(RETRAINING_FIELDS))}

A \`target\` has the fields of its \`kind\`:

${Object.entries(TARGET_FIELDS)
  .map(
    ([kind, { kind: _kind, ...fields }]) =>
      `### \`target\` of kind \`${kind}\`\n\n${table(HEAD, rows(fields))}`,
  )
  .join("\n\n")}

## An entry of \`alertReceivers\`

Who is told of alerts, by names of your own. It holds secrets, so it is set as one, and \`Pulumi.<profile>.yaml\` has it encrypted:

\`\`\`sh
pulumi config set --secret slipway:alertReceivers '{ "oncall": { "pagerDuty": { "routingKey": "…" } } }'
\`\`\`

A receiver has one or more of these kinds, each with the fields of that kind:

${table(["kind", ...HEAD], rowsByKind(RECEIVER_FIELDS))}

## An entry of \`alertRoutes\`

${table(HEAD, rows(ALERT_ROUTE_FIELDS))}

## An entry of \`remoteWrite\`

At most one of \`basic\`, \`bearerToken\` and \`sigv4\`. Set it as a secret, as \`alertReceivers\`.

${table(HEAD, rows(REMOTE_WRITE_FIELDS))}

## \`existingPrometheus\`

As in \`slipway:existingPrometheus: { namespace: monitoring }\` with \`slipway:monitoringLabels: { release: kube-prometheus-stack }\`.
Its retention, receivers and the like are set where it was made.

${table(HEAD, rows(EXISTING_FIELDS))}

## \`monitoringAccess\`

Set it as a secret, as \`alertReceivers\`; [docs/observability.md](../observability.md#who-may-look) has an example.

${table(HEAD, rows(ACCESS_FIELDS))}

## An entry of \`nodeRequirements\`

${table(HEAD, rows(REQUIREMENT_FIELDS))}

## An entry of \`tolerations\`

${table(HEAD, rows(TOLERATION_FIELDS))}

## An entry of \`models\`

${table(HEAD, rows(MODEL_FIELDS))}

## An entry of \`gpuPools\`

${table(HEAD, rows(POOL_FIELDS))}

## Outputs

| output | what it is |
| --- | --- |
| \`endpoint\` | URL of the shared host: \`{endpoint}/v2/models/<model>\` |
| \`caCertificate\` | PEM of the authority that signed the gateway's certificate: what clients trust |
| \`tokenIssuer\`, \`tokenAudience\`, \`tokenKeyId\` | \`iss\`, \`aud\` and \`kid\` of the tokens that the gateway accepts |
| \`tokenSigningKey\` | PKCS #8 PEM of the ES256 key that tokens are signed with; a secret |
| \`services\` | \`name\`, \`namespace\` and \`endpoint\` (its own host) of every service |
| \`models\` | \`name\`, \`versions\` and \`service\` of every model |
| \`rollouts\` | where a service has a \`rollout\`: its slots with their digests and models, which one is live and who gets how much, strategy, gates and the head of its record |
| \`recordSigningKey\`, \`recordPublicKey\` | where there are rollouts: PEM of the Ed25519 key that their records are signed with, a secret, and of the one that verifies them |
| \`prometheus\` | \`namespace\`, \`service\` and \`port\` of Prometheus |
| \`alertmanager\` | the same of Alertmanager, where there is one |
| \`monitoringAddresses\` | where people reach Prometheus, Alertmanager and Grafana, with \`monitoringAccess\` |
| \`clusterName\`, \`kubeconfig\` | profile \`aws\`: the EKS cluster, and how it is reached; the latter is a secret |
`;

describe("docs/reference/config.md", () => {
  it("says what the code reads", () => assertReferencePage("docs/reference/config.md", PAGE));
});
