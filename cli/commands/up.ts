import { Command, InvalidArgumentError } from "commander";
import { exclusively } from "../operation-lock";
import { interruptible } from "../interruption";
import { consoleProgress } from "../progress";
import { kubeconfigPath } from "../kubeconfig";
import { assertOneCluster, meansExistingCluster } from "../up/cluster-choice";
import type { ExistingClusterOptions } from "../up/existing-cluster";

function parsePort(value: string): number {
  const port = Number(value);
  if (Number.isInteger(port) && port >= 1 && port <= 65535) return port;
  throw new InvalidArgumentError("It must be a whole number from 1 to 65535.");
}

function parseDigest(value: string): string {
  if (/^[\w.:/-]+@sha256:[0-9a-f]{64}$/.test(value)) return value;
  throw new InvalidArgumentError("It must carry a digest: name@sha256: and 64 hexadecimal digits.");
}

interface Options extends ExistingClusterOptions {
  embedded?: boolean;
  json?: boolean;
}

export function upCommand(): Command {
  return new Command("up")
    .description("build what is missing, start the embedded cluster, bring the local stack up and prove it")
    .option(
      "--gateway-port <port>",
      "port of the gateway; on loopback for the embedded cluster",
      parsePort,
      8443,
    )
    .option("--embedded", "use the embedded cluster even where KUBECONFIG names another")
    .option(
      "--context <name>",
      "use the cluster of this kubeconfig context instead (KUBECONFIG alone means the same)",
    )
    .option("--registry <host[:port][/path]>", "existing cluster: registry for image and models")
    .option("--host <name>", "existing cluster: DNS name of the gateway")
    .option(
      "--runtime-image <reference>",
      "existing cluster: image with digest to use instead of building one",
      parseDigest,
    )
    .option("--json", "print the summary as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  $ npm run up\n  $ npx slipway up --gateway-port 9443\n" +
        "  $ npx slipway up --context prod --registry registry.example.com/ml --host models.example.com --gateway-port 443",
    )
    .action(async (options: Options) => {
      const startedAt = Date.now();
      const { up } = require("../up/up") as typeof import("../up/up");
      const { summary } = require("../up/summary") as typeof import("../up/summary");
      const existing = meansExistingCluster(options);
      assertOneCluster(options, existing);
      const progress = consoleProgress();
      if (existing) progress.note(`Using the cluster of ${kubeconfigPath()}, not the embedded one.`);
      const result = await exclusively("up", () =>
        interruptible("up", progress.note.bind(progress), () => up({ ...options, existing }, progress)),
      );
      if (options.json) {
        const { tokenKey: _key, ...session } = result.session;
        console.log(JSON.stringify({ ...session, changes: result.changes, proofs: result.proofs }, null, 2));
      } else console.log(summary(result, Date.now() - startedAt));
    });
}
