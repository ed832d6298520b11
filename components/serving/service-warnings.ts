import * as pulumi from "@pulumi/pulumi";

/** A Deployment whose update starts a second pod that finds no GPU waits until its deadline, and then has failed. */
export function warnOfFullPool(name: string, resource: pulumi.Resource): void {
  void pulumi.log.warn(
    `"${name}" has a single pod and its GPU pool no room for a second one, which an update starts first: allow the pool another node, or give the service \`replicas\` >= 2.`,
    resource,
  );
}
