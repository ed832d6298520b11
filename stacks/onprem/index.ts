import { log } from "@pulumi/pulumi";
import { GpuNodePool, ServingStack } from "../../components";
import { outputsOf } from "../outputs";
import type { ConfigReader } from "../settings";
import { stackArgs } from "../stack-args";
import { storageWarnings } from "./storage-warnings";

const DEFAULT_PORT = 443;

/** Profile `onprem`: an existing cluster with a load balancer and labelled GPU nodes. */
export function onprem(config: ConfigReader): Record<string, unknown> {
  const pools = new Map(
    config
      .pools()
      .map(({ name, ...pool }) => [name, new GpuNodePool(name, { provisioner: "existing", ...pool })]),
  );
  const args = stackArgs(config, config.requiredText("host"), pools);
  for (const warning of storageWarnings(args)) void log.warn(warning);
  const stack = new ServingStack("slipway", args);
  return outputsOf(stack, config.wholeNumber("gatewayPort") ?? DEFAULT_PORT);
}
