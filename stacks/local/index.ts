import { ServingStack } from "../../components";
import { outputsOf } from "../outputs";
import type { ConfigReader } from "../settings";
import { stackArgs } from "../stack-args";

const DEFAULT_HOST = "localhost";
const DEFAULT_PORT = 8443;

/** Profile `local`: the embedded cluster, reached on this machine only. */
export function local(config: ConfigReader): Record<string, unknown> {
  const stack = new ServingStack("slipway", stackArgs(config, config.text("host") ?? DEFAULT_HOST));
  return outputsOf(stack, config.wholeNumber("gatewayPort") ?? DEFAULT_PORT);
}
