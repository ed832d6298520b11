import { createHash } from "node:crypto";
import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import type * as pulumi from "@pulumi/pulumi";
import { nameAfter } from "./name-after";

/**
 * The server's environment, in a ConfigMap that is named by its content: other options are another object, to which the Deployment
 * rolls over. Pods of the old one keep it.
 * @returns its name, which waits until it is there
 */
export function createOptions(
  name: string,
  metadata: { readonly [field: string]: unknown },
  environment: Readonly<Record<string, string>>,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const hash = createHash("sha256").update(JSON.stringify(environment)).digest("hex").slice(0, 8);
  const configName = `${name}-options-${hash}`;
  const config = new ConfigMap(
    `${name}-options`,
    { metadata: { ...metadata, name: configName }, data: { ...environment } },
    opts,
  );
  return nameAfter(config, configName);
}
