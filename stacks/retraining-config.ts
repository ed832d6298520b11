import type {
  AirflowRetraining,
  ArgoRetraining,
  GithubRetraining,
  HttpRetraining,
  KubeflowRetraining,
  StackRetraining,
} from "../components";
import { ConfigError } from "./config-error";
import { checkFields, isRecord, type Field } from "./fields";
import type { ConfigReader } from "./settings";

type Fields<T> = Readonly<Record<keyof T & string, Field>>;

const kind: Field = { type: "text", required: true, doc: "The target's kind." };
const url = (doc: string): Field => ({ type: "text", required: true, doc });

/** Kinds of `target`, with the fields of each. */
export const TARGET_FIELDS = {
  http: { kind, url: url("The whole address that the payload is posted to.") },
  "argo-workflows": {
    kind,
    url: url("Address of the Argo server, as in `https://argo-server.argo.svc:2746`."),
    namespace: { type: "text", required: true, doc: "Namespace of the WorkflowEventBinding." },
    discriminator: { type: "text", default: "`slipway-retraining`", doc: "Discriminator of the event." },
  },
  kubeflow: {
    kind,
    url: url("Address of the API server, as in `https://ml-pipeline.kubeflow.svc:8888`."),
    pipelineId: { type: "text", required: true, doc: "Id of the pipeline." },
    pipelineVersionId: { type: "text", required: true, doc: "Id of its version." },
    experimentId: { type: "text", default: "the server's default one", doc: "Id of the experiment." },
    parameters: {
      type: "list of texts",
      default: "`[event]`",
      doc: "Parameters that the pipeline declares: `event` is the whole payload, others are its texts of that name.",
    },
  },
  github: {
    kind,
    repository: { type: "text", required: true, doc: "`OWNER/NAME`." },
    eventType: { type: "text", default: "`slipway-retraining`", doc: "Type of the event." },
    url: { type: "text", default: "`https://api.github.com`", doc: "Address of the API." },
  },
  airflow: {
    kind,
    url: url("Address of the web server, as in `https://airflow.example.com`."),
    dag: { type: "text", required: true, doc: "Id of the DAG." },
    api: {
      type: "text",
      default: "`v2`",
      doc: "Version of the REST API: `v2` of Airflow 3, `v1` of Airflow 2.",
    },
  },
} as const satisfies {
  http: Fields<HttpRetraining>;
  "argo-workflows": Fields<ArgoRetraining>;
  kubeflow: Fields<KubeflowRetraining>;
  github: Fields<GithubRetraining>;
  airflow: Fields<AirflowRetraining>;
};

/** Fields of `retraining`; which ones go together is checked by the component. */
export const RETRAINING_FIELDS = {
  target: {
    type: "map",
    required: true,
    doc: "What trains: its `kind`, and the fields of that kind, below.",
  },
  token: { type: "text", doc: "Token that the target is shown." },
  username: { type: "text", doc: "Name at the target, with `password`, in place of a token." },
  password: { type: "text", doc: "Password at the target." },
  signingSecret: {
    type: "text",
    default: "one that the stack makes: output `retrainingSigningSecret`",
    doc: "Secret that payloads are signed with: `whsec_` and 24 to 64 bytes in base64.",
  },
  ca: {
    type: "text",
    default: "the public authorities",
    doc: "Certificate authority of the target, PEM.",
  },
  allowInsecure: {
    type: "flag",
    default: "`false`",
    doc: "Whether the target's address may begin with `http://`, as within a cluster.",
  },
  targetPods: {
    type: "list of maps",
    default: "`[]`",
    doc: "Pods of a target in the cluster, as in `{ namespace: training, podLabels: { app: hook }, port: 8080 }`.",
  },
  targetCidrs: {
    type: "list of texts",
    default: "any but link-local addresses where there are no `targetPods`, else `[]`",
    doc: "IPv4 ranges of a target elsewhere.",
  },
  alerts: {
    type: "list of texts",
    default: "`[SlipwayDriftDetected, SlipwayQualityDegraded]`",
    doc: "Names of the alerts that trigger retraining, `*` for all.",
  },
  cooldown: {
    type: "number",
    default: "`21600`",
    doc: "Seconds after a trigger in which the same model triggers no other.",
  },
  maxAttempts: { type: "number", default: "`10`", doc: "Calls of the target for one alert." },
  storage: {
    type: "map",
    default: "none: a pod that takes the place of another has forgotten what was triggered",
    doc: "Disk for what has been triggered, as in `{ size: 1Gi, storageClass: encrypted }`.",
  },
  imagePullSecrets: {
    type: "list of texts",
    default: "`[]`",
    doc: "Names of Secrets that the kubelet pulls the image with.",
  },
} as const satisfies Fields<StackRetraining>;

const TARGET_POD_FIELDS = {
  namespace: { type: "text", required: true, doc: "Their namespace." },
  podLabels: { type: "map of texts", required: true, doc: "Their labels." },
  port: { type: "number", required: true, doc: "Port that they listen on." },
} as const satisfies Record<string, Field>;

const STORAGE_FIELDS = {
  size: { type: "text", required: true, doc: "As in `1Gi`." },
  storageClass: { type: "text", doc: "" },
} as const satisfies Record<string, Field>;

/** Values may be secrets: where one is wrong is said, and not what stands there. */
const silent = () => "";

/**
 * What the configuration says about retraining; what the values mean is checked by the components.
 * @throws ConfigError for the first thing that is wrong.
 */
export function retrainingArgs(config: ConfigReader): StackRetraining | undefined {
  if (config.text("retraining") === undefined) return undefined;
  const path = "slipway:retraining";
  const given = config.json("retraining");
  checkFields(given, RETRAINING_FIELDS, path, silent);
  const { target, targetPods = [], storage } = given as Record<string, unknown> & StackRetraining;
  const named = isRecord(target) ? target["kind"] : undefined;
  if (typeof named !== "string" || !Object.hasOwn(TARGET_FIELDS, named)) {
    throw new ConfigError(`\`${path}.target.kind\` must be one of ${Object.keys(TARGET_FIELDS).join(", ")}.`);
  }
  checkFields(target, TARGET_FIELDS[named as keyof typeof TARGET_FIELDS], `${path}.target`, silent);
  targetPods.forEach((pods, i) => checkFields(pods, TARGET_POD_FIELDS, `${path}.targetPods[${i}]`, silent));
  if (storage !== undefined) checkFields(storage, STORAGE_FIELDS, `${path}.storage`, silent);
  return given as StackRetraining;
}
