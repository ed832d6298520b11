import { GpuNodePool, ServingStack } from "../../components";
import { outputsOf } from "../outputs";
import type { ConfigReader } from "../settings";
import { stackArgs } from "../stack-args";

const DEFAULT_PORT = 443;

/** Profile `onprem`: an existing cluster with a load balancer and labelled GPU nodes. */
export function onprem(config: ConfigReader): Record<string, unknown> {
  const pools = new Map(
    config
      .pools()
      .map(({ name, ...pool }) => [name, new GpuNodePool(name, { provisioner: "existing", ...pool })]),
  );
  const stack = new ServingStack("slipway", stackArgs(config, config.requiredText("host"), pools));
  return outputsOf(stack, config.wholeNumber("gatewayPort") ?? DEFAULT_PORT);
}
