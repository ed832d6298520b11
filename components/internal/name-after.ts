import type * as pulumi from "@pulumi/pulumi";

/**
 * The name of an object, for those who may use it only once the object is there. Unlike the name among the object's outputs it is
 * known at every preview, also where the object's provider is that of a cluster which is still to be made.
 */
export function nameAfter(resource: pulumi.Resource, name: string): pulumi.Output<string> {
  return resource.urn.apply(() => name);
}
