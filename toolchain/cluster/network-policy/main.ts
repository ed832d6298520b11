/**
 * The NetworkPolicy engine of the embedded cluster, as a process of its own:
 *
 *     main.ts --kubeconfig PATH --pod-cidr RANGE [--ready-file PATH]
 *
 * Run it as root in the node's network namespace. Once the first rules are in the kernel it prints one line that starts
 * with `network-policy: ready` and writes the ready file. SIGTERM ends it with status 0; the rules stay.
 */
import { rmSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { messageOf, SlipwayError } from "../../errors";
import { parseCidr } from "./addresses";
import { apiServer } from "./api-server";
import { runEngine } from "./engine";

async function main(): Promise<void> {
  const { kubeconfig, podCidr, readyFile } = options();
  const get = apiServer(kubeconfig);
  const ending = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => ending.abort());
  }
  // A file of an earlier run would speak of rules that may be outdated.
  if (readyFile !== undefined) {
    rmSync(readyFile, { force: true });
  }
  let isReady = false;
  await runEngine(
    {
      get,
      podCidr,
      onApplied: ({ rules, ipsets }) => {
        if (!isReady) {
          isReady = true;
          console.log(`network-policy: ready (${rules.length} rules, ${ipsets.length} address sets)`);
          if (readyFile !== undefined) {
            writeFileSync(readyFile, `${process.pid}\n`);
          }
        }
      },
      onError: (sentence) => console.error(`network-policy: ${sentence}`),
    },
    ending.signal,
  );
}

function options() {
  const { values } = parseArgs({
    options: {
      kubeconfig: { type: "string" },
      "pod-cidr": { type: "string" },
      "ready-file": { type: "string" },
    },
  });
  const podCidr = parseCidr(values["pod-cidr"] ?? "");
  if (podCidr === undefined) {
    throw new SlipwayError(
      `--pod-cidr ("${values["pod-cidr"] ?? ""}") must be an IPv4 range such as 10.244.0.0/16.`,
    );
  }
  if (values.kubeconfig === undefined) {
    throw new SlipwayError("--kubeconfig is missing: give the path of a kubeconfig file.");
  }
  return { kubeconfig: values.kubeconfig, podCidr, readyFile: values["ready-file"] };
}

main().catch((error: unknown) => {
  console.error(`network-policy: ${messageOf(error)}`);
  process.exitCode = 1;
});
