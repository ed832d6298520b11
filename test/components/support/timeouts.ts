import type * as pulumi from "@pulumi/pulumi";

/** Notes how long each resource that a component makes is waited for, by its name. */
export function noteTimeouts() {
  const timeouts: Record<string, pulumi.CustomTimeouts | undefined> = {};
  const transformations: pulumi.ResourceTransformation[] = [
    ({ name, opts }) => {
      timeouts[name] = opts.customTimeouts;
      return undefined;
    },
  ];
  return { timeouts, transformations };
}
