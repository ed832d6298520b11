import { HTTP_PORT, LONGEST_COOLDOWN, RETRAINING_PARAMETERS, RETRAINING_TARGETS } from "../contract";
import { completeOptions, flagOf, UsageError, type OptionSpec, type OptionTopics } from "../option-table";
import { isLoopback } from "../payload-log/payload-target";

/** Options of `slipway retraining-trigger`. */
export interface RetrainingOptions {
  readonly target: (typeof RETRAINING_TARGETS)[number];
  readonly targetUrl?: string;
  readonly argoNamespace?: string;
  readonly argoDiscriminator: string;
  readonly kubeflowPipeline?: string;
  readonly kubeflowPipelineVersion?: string;
  readonly kubeflowExperiment?: string;
  readonly kubeflowParameters: readonly string[];
  readonly githubRepository?: string;
  readonly githubEventType: string;
  readonly airflowDag?: string;
  readonly airflowApi: "v2" | "v1";
  readonly targetTokenFile?: string;
  readonly targetUsernameFile?: string;
  readonly targetPasswordFile?: string;
  readonly targetCaFile?: string;
  readonly signingSecretFile?: string;
  readonly allowInsecure: boolean;
  readonly alerts: readonly string[];
  readonly cooldown: number;
  readonly stateFile: string;
  readonly maxAttempts: number;
  readonly retryDelay: number;
  readonly maxRetryDelay: number;
  readonly timeout: number;
  readonly tokenFile?: string;
  readonly usernameFile?: string;
  readonly passwordFile?: string;
  readonly host: string;
  readonly httpPort: number;
  readonly metricsPort?: number;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly maxBodyBytes: number;
  readonly logLevel: string;
}

/** Every option, once. */
export const RETRAINING_OPTIONS = {
  target: { type: "choice", values: RETRAINING_TARGETS, doc: "what is called" },
  targetUrl: {
    type: "text",
    optional: true,
    doc: "its address: of `http` the whole of it, of the others without the path of the API, as in `https://argo-server.argo:2746`; of `github` left out, `https://api.github.com`",
  },
  argoNamespace: {
    type: "text",
    optional: true,
    doc: "`argo-workflows`: namespace of the WorkflowEventBinding",
  },
  argoDiscriminator: {
    type: "text",
    default: "slipway-retraining",
    doc: "`argo-workflows`: discriminator of the event",
  },
  kubeflowPipeline: { type: "text", optional: true, doc: "`kubeflow`: id of the pipeline" },
  kubeflowPipelineVersion: { type: "text", optional: true, doc: "`kubeflow`: id of the pipeline's version" },
  kubeflowExperiment: {
    type: "text",
    optional: true,
    doc: "`kubeflow`: id of the experiment; left out, the server's default one",
  },
  kubeflowParameters: {
    type: "list",
    default: ["event"],
    doc: "`kubeflow`: parameters that the pipeline declares: `event`, the whole payload, and any of its texts, as in `model,version`",
  },
  githubRepository: { type: "text", optional: true, doc: "`github`: the repository, `OWNER/NAME`" },
  githubEventType: {
    type: "text",
    default: "slipway-retraining",
    doc: "`github`: type of the `repository_dispatch` event",
  },
  airflowDag: { type: "text", optional: true, doc: "`airflow`: id of the DAG" },
  airflowApi: {
    type: "choice",
    values: ["v2", "v1"],
    default: "v2",
    doc: "`airflow`: version of the REST API; Airflow 3 has v2, Airflow 2 has v1",
  },
  targetTokenFile: {
    type: "path",
    optional: true,
    doc: "file with the token that the target is shown (`Authorization: Bearer`); read at every attempt",
  },
  targetUsernameFile: {
    type: "path",
    optional: true,
    doc: "file with the user's name, in place of a token; Airflow's API v2 gives a token for it",
  },
  targetPasswordFile: { type: "path", optional: true, doc: "file with the password" },
  targetCaFile: {
    type: "path",
    optional: true,
    doc: "PEM certificates of the authorities that the target's certificate may come from; left out, those that Node.js trusts",
  },
  signingSecretFile: {
    type: "path",
    optional: true,
    doc: "file with the secret that the payload is signed with (Standard Webhooks), `whsec_` and base64; `http` needs one. A second line is a second signature, while the secret is replaced",
  },
  allowInsecure: {
    type: "boolean",
    default: false,
    doc: "allow a target with http:// that is not this machine: token and payload can be read on their way",
  },
  alerts: {
    type: "list",
    default: ["SlipwayDriftDetected", "SlipwayQualityDegraded"],
    doc: "names of the alerts that trigger retraining, `*` for all; others are passed over, and so are those without a label `model`",
  },
  cooldown: {
    type: "seconds",
    default: 21_600,
    most: LONGEST_COOLDOWN,
    doc: "time after a trigger in which the same model triggers no other",
  },
  stateFile: {
    type: "path",
    doc: "file with what has been triggered, and what is still to be delivered; it outlives the process",
  },
  maxAttempts: {
    type: "integer",
    default: 10,
    least: 1,
    most: 1000,
    doc: "calls of the target for one event, before it counts as failed; the alert's next notification begins anew",
  },
  retryDelay: {
    type: "seconds",
    default: 1,
    least: 0.001,
    most: 3600,
    doc: "time before the second attempt; it doubles each time, and up to half is taken off at random",
  },
  maxRetryDelay: {
    type: "seconds",
    default: 300,
    least: 0.001,
    most: 3600,
    doc: "time between two attempts at most, unless the target asks for more (`Retry-After`)",
  },
  timeout: { type: "seconds", default: 15, least: 0.1, most: 600, doc: "time that the target has to answer" },
  tokenFile: {
    type: "path",
    optional: true,
    doc: "file with the token that callers must show (`Authorization: Bearer`); read at every call",
  },
  usernameFile: {
    type: "path",
    optional: true,
    doc: "file with the name that callers must give, in place of a token",
  },
  passwordFile: { type: "path", optional: true, doc: "file with the password that callers must give" },
  host: { type: "text", default: "0.0.0.0", doc: "address that the listener binds" },
  httpPort: {
    type: "integer",
    default: HTTP_PORT,
    most: 65535,
    doc: "port of alerts, health and metrics; 0 takes a free one",
  },
  metricsPort: {
    type: "integer",
    optional: true,
    most: 65535,
    doc: "port of the metrics alone, always plain HTTP, beside those at `--http-port`; 0 takes a free one",
  },
  tlsCert: { type: "path", optional: true, doc: "PEM certificate chain; read again when the file changes" },
  tlsKey: { type: "path", optional: true, doc: "its PEM key" },
  maxBodyBytes: {
    type: "integer",
    default: 4_194_304,
    least: 1024,
    most: 16_777_216,
    doc: "bytes of one request",
  },
  logLevel: {
    type: "choice",
    default: "info",
    values: ["fatal", "error", "warn", "info", "debug", "trace", "silent"],
    doc: "least level that is logged",
  },
} as const satisfies Record<keyof RetrainingOptions, OptionSpec>;

export const RETRAINING_OPTION_TOPICS: OptionTopics<keyof RetrainingOptions> = {
  Target: "target",
  "Access to the target": "targetTokenFile",
  Alerts: "alerts",
  Attempts: "maxAttempts",
  Callers: "tokenFile",
};

type Target = RetrainingOptions["target"];

/** What a target cannot do without. */
const NEEDED: Readonly<Record<Target, readonly (keyof RetrainingOptions)[]>> = {
  http: ["targetUrl", "signingSecretFile"],
  "argo-workflows": ["targetUrl", "argoNamespace"],
  kubeflow: ["targetUrl", "kubeflowPipeline", "kubeflowPipelineVersion"],
  github: ["githubRepository", "targetTokenFile"],
  airflow: ["targetUrl", "airflowDag"],
};

/** Validates, completes and freezes the options. @throws UsageError */
export function resolveRetrainingOptions(given: Readonly<Record<string, unknown>>): RetrainingOptions {
  const options = completeOptions(RETRAINING_OPTIONS, given) as unknown as RetrainingOptions;
  const { target } = options;
  for (const option of NEEDED[target]) {
    if (options[option] === undefined)
      throw new UsageError(`\`--target ${target}\` needs \`${flagOf(option)}\`.`);
  }
  checkPairs(options);
  checkTarget(options);
  if (options.tokenFile === undefined && options.usernameFile === undefined) {
    throw new UsageError(
      "`--token-file`, or `--username-file` and `--password-file`, must be given: whoever could call without them could start training.",
    );
  }
  if (options.alerts.length === 0)
    throw new UsageError("`--alerts` must name at least one alert, or be `*`.");
  if (options.maxRetryDelay < options.retryDelay) {
    throw new UsageError(
      `\`--max-retry-delay\` (${options.maxRetryDelay}) must be >= \`--retry-delay\` (${options.retryDelay}).`,
    );
  }
  return options;
}

function checkPairs(options: RetrainingOptions): void {
  const pairs = [
    ["tlsCert", "tlsKey"],
    ["usernameFile", "passwordFile"],
    ["targetUsernameFile", "targetPasswordFile"],
  ] as const;
  for (const [one, other] of pairs) {
    if ((options[one] === undefined) !== (options[other] === undefined)) {
      throw new UsageError(`\`${flagOf(one)}\` and \`${flagOf(other)}\` must be given together.`);
    }
  }
  const either = [
    ["tokenFile", "usernameFile"],
    ["targetTokenFile", "targetUsernameFile"],
  ] as const;
  for (const [one, other] of either) {
    if (options[one] !== undefined && options[other] !== undefined) {
      throw new UsageError(`\`${flagOf(one)}\` and \`${flagOf(other)}\` cannot be given together.`);
    }
  }
}

function checkTarget(options: RetrainingOptions): void {
  const { targetUrl, githubRepository, kubeflowParameters, allowInsecure } = options;
  if (targetUrl !== undefined) checkAddress(targetUrl, allowInsecure);
  if (
    githubRepository !== undefined &&
    !/^[A-Za-z0-9-]{1,39}\/[A-Za-z0-9._-]{1,100}$/.test(githubRepository)
  ) {
    throw new UsageError(`\`--github-repository\` (${githubRepository}) must be OWNER/NAME.`);
  }
  const unknown = kubeflowParameters.find((name) => !RETRAINING_PARAMETERS.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(
      `\`--kubeflow-parameters\` (${unknown}) must be some of ${RETRAINING_PARAMETERS.join(", ")}.`,
    );
  }
}

function checkAddress(targetUrl: string, allowInsecure: boolean): void {
  const url = URL.canParse(targetUrl) ? new URL(targetUrl) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.hash !== "") {
    throw new UsageError(`\`--target-url\` (${targetUrl}) must be an address: https://host[:port][/path].`);
  }
  if (`${url.username}${url.password}` !== "") {
    // Not shown: it may be a password.
    throw new UsageError(
      `\`--target-url\` (${url.protocol}//…@${url.host}) must not hold credentials: \`--target-token-file\` or \`--target-password-file\` has them.`,
    );
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname) && !allowInsecure) {
    throw new UsageError(
      `\`--target-url\` (${targetUrl}) speaks plain HTTP; use https://, or allow it with \`--allow-insecure true\`.`,
    );
  }
}
