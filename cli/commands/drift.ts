import { Argument, Command } from "commander";

interface Options {
  json?: boolean;
  namespace?: string;
  context?: string;
  ca?: string;
}

/** Exit status where a feature has drifted: told apart from a failure, for scripts. */
const DRIFTED = 2;

const HELP = `
Every ready pod is asked by itself, through the API server, and what they saw in the window that ended last is added up and judged as
one. Exit status: 0 where nothing has drifted, also where there were too few requests to tell; 2 where a feature has; 1 where a pod
cannot be asked; 64 for wrong usage.

Examples:
  $ npx slipway drift voice
  $ npx slipway drift voice --json | jq '.versions[] | {model_version, state}'
  $ npx slipway drift fraud --namespace models --ca authority.pem`;

export function driftCommand(): Command {
  return new Command("drift")
    .description("say how far a service's requests are from its models' baselines, all replicas together")
    .addArgument(new Argument("<service>", "name of the service, or of the Rollout with its slots"))
    .option("--json", "machine-readable, with every feature's merged summary")
    .option("--namespace <name>", "the service's namespace (default: all are looked through)")
    .option("--context <name>", "context of the kubeconfig (default: the current one)")
    .option("--ca <file>", "PEM of another stack's certificate authority; KUBECONFIG then names its cluster")
    .addHelpText("after", HELP)
    .action(async (service: string, options: Options) => {
      const { driftOf } = require("../drift/open-service") as typeof import("../drift/open-service");
      const drift = await driftOf(service, options);
      if (options.json) {
        const versions = drift.versions.map(({ baseline: _, ...version }) => version);
        console.log(JSON.stringify({ ...drift, versions }, null, 2));
      } else {
        const { driftText } = require("../drift/drift-text") as typeof import("../drift/drift-text");
        console.log(driftText(drift));
      }
      if (drift.versions.some(({ state }) => state === "drifted")) process.exitCode = DRIFTED;
    });
}
