import { ServingStack } from "../../components";
import { outputsOf } from "../outputs";
import type { ConfigReader } from "../settings";
import { stackArgs } from "../stack-args";

const DEFAULT_PORT = 443;

/** Profile `onprem`: an existing cluster with a load balancer and labelled GPU nodes. */
export function onprem(config: ConfigReader): Record<string, unknown> {
  const stack = new ServingStack("slipway", stackArgs(config, config.requiredText("host")));
  return outputsOf(stack, config.wholeNumber("gatewayPort") ?? DEFAULT_PORT);
}
