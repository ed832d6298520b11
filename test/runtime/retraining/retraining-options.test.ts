import assert from "node:assert/strict";
import { resolveRetrainingOptions } from "../../../runtime/retraining/retraining-options";

const common = { stateFile: "state", tokenFile: "token" };
const http = { ...common, target: "http", targetUrl: "https://train.example/hook", signingSecretFile: "s" };
const cases: [string, Record<string, unknown>, string][] = [
  ["no address", { ...http, targetUrl: undefined }, "`--target http` needs `--target-url`."],
  ["no secret", { ...http, signingSecretFile: undefined }, "`--target http` needs `--signing-secret-file`."],
  [
    "Argo without a namespace",
    { ...common, target: "argo-workflows", targetUrl: "https://argo" },
    "`--target argo-workflows` needs `--argo-namespace`.",
  ],
  [
    "Kubeflow without a version",
    { ...common, target: "kubeflow", targetUrl: "https://kfp", kubeflowPipeline: "p" },
    "`--target kubeflow` needs `--kubeflow-pipeline-version`.",
  ],
  [
    "GitHub without a token",
    { ...common, target: "github", githubRepository: "a/b" },
    "`--target github` needs `--target-token-file`.",
  ],
  [
    "Airflow without a DAG",
    { ...common, target: "airflow", targetUrl: "https://airflow" },
    "`--target airflow` needs `--airflow-dag`.",
  ],
  [
    "an unknown target",
    { ...common, target: "jenkins" },
    "`--target` (jenkins) must be one of http, argo-workflows, kubeflow, github, airflow.",
  ],
  [
    "a target in the clear",
    { ...http, targetUrl: "http://train.example/hook" },
    "`--target-url` (http://train.example/hook) speaks plain HTTP; use https://, or allow it with `--allow-insecure true`.",
  ],
  [
    "no address at all",
    { ...http, targetUrl: "train.example" },
    "`--target-url` (train.example) must be an address: https://host[:port][/path].",
  ],
  [
    "credentials in an address",
    { ...http, targetUrl: "https://me:hunter2@train.example/hook" },
    "`--target-url` (https://…@train.example) must not hold credentials: `--target-token-file` or `--target-password-file` has them.",
  ],
  [
    "a repository without its owner",
    { ...common, target: "github", githubRepository: "models", targetTokenFile: "t" },
    "`--github-repository` (models) must be OWNER/NAME.",
  ],
  [
    "a parameter that no event has",
    { ...http, kubeflowParameters: ["model", "rows"] },
    "`--kubeflow-parameters` (rows) must be some of event, id, model, version, namespace, service, alert, reason, startsAt, fingerprint.",
  ],
  [
    "callers whom nobody asks",
    { ...http, tokenFile: undefined },
    "`--token-file`, or `--username-file` and `--password-file`, must be given: whoever could call without them could start training.",
  ],
  [
    "half of a caller's credentials",
    { ...http, tokenFile: undefined, usernameFile: "u" },
    "`--username-file` and `--password-file` must be given together.",
  ],
  [
    "two ways to call",
    { ...http, usernameFile: "u", passwordFile: "p" },
    "`--token-file` and `--username-file` cannot be given together.",
  ],
  [
    "two ways to be known",
    { ...http, targetTokenFile: "t", targetUsernameFile: "u", targetPasswordFile: "p" },
    "`--target-token-file` and `--target-username-file` cannot be given together.",
  ],
  ["half a certificate", { ...http, tlsCert: "c" }, "`--tls-cert` and `--tls-key` must be given together."],
  ["no alert", { ...http, alerts: [] }, "`--alerts` must name at least one alert, or be `*`."],
  [
    "delays that shrink",
    { ...http, retryDelay: 10, maxRetryDelay: 5 },
    "`--max-retry-delay` (5) must be >= `--retry-delay` (10).",
  ],
];

describe("options of the retraining trigger", () => {
  for (const [what, options, message] of cases)
    it(`refuse ${what}`, () =>
      assert.throws(() => resolveRetrainingOptions(options), { name: "UsageError", message }));

  it("allow plain HTTP to this machine, and where it is said", () => {
    for (const url of ["http://127.0.0.1:1/x", "http://localhost/x", "http://[::1]:1/x"])
      resolveRetrainingOptions({ ...http, targetUrl: url });
    resolveRetrainingOptions({ ...http, targetUrl: "http://train.example/", allowInsecure: true });
  });

  it("wait six hours between two triggers of a model, unless they are told otherwise", () => {
    const { cooldown, alerts } = resolveRetrainingOptions(http);
    assert.deepEqual([cooldown, alerts], [21_600, ["SlipwayDriftDetected", "SlipwayQualityDegraded"]]);
  });
});
