import { Argument, Command, InvalidArgumentError } from "commander";
import { lateProgress, withTrafficOptions, type SwitchOptions } from "../rollout/command-options";

interface Options extends SwitchOptions {
  watch?: boolean;
  prometheus?: string;
}

function parseUrl(value: string): string {
  if (/^https?:\/\/[^\s/]+/.test(value)) return value;
  throw new InvalidArgumentError("It must be a URL: http://localhost:9090.");
}

export const prometheusOption = [
  "--prometheus <url>",
  "Prometheus' URL (default: the local stack's)",
  parseUrl,
] as const;

const HELP = `
Weights and readiness are the cluster's own. Exit status: 0, also where something differs from what was decided;
--json lists every difference under \`drift\`.

Examples:
  $ npx slipway status
  $ npx slipway status text --watch
  $ npx slipway status text --json | jq '.services[0].slots.green.weight'`;

export function statusCommand(): Command {
  return withTrafficOptions(new Command("status"))
    .description("say which slot of a service is live, who gets how much traffic, and what is going on")
    .addArgument(new Argument("[service]", "name of the Rollout (default: all)"))
    .option("--watch", "draw both slots every 2 s, with request and error rates, latencies and gates")
    .option(...prometheusOption)
    .addHelpText("after", HELP)
    .action(async (service: string | undefined, options: Options) => {
      const { openProfile, rolloutNamed } =
        require("../rollout/open-desk") as typeof import("../rollout/open-desk");
      const progress = lateProgress(true);
      const open = await openProfile(options, "outputs", progress);
      const chosen = service === undefined ? open.rollouts : [rolloutNamed(open, service)];
      const { showStatus, watchStatus } =
        require("../rollout/show-status") as typeof import("../rollout/show-status");
      try {
        if (options.watch) await watchStatus(open, chosen, options);
        else await showStatus(open, chosen, options);
      } finally {
        open.cluster.close();
      }
    });
}
