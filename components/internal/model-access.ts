import type * as pulumi from "@pulumi/pulumi";
import type { ModelReference, RegistryAddress } from "../model/model-repository";

/** What the pods of a service need in order to fetch their models from a repository. */
export interface ModelAccess {
  /** Flows that fetching needs. */
  readonly registries: readonly RegistryAddress[];
  /** Environment of the containers that fetch. */
  readonly env: readonly { readonly name: string; readonly value: pulumi.Input<string> }[];
  /** A claim that holds the models; it is mounted read-only where they are fetched from it. */
  readonly claim?: { readonly claimName: pulumi.Input<string>; readonly mountPath: string };
  /** What `slipway pull` is told to fetch for a model. */
  sourceOf(model: ModelReference): pulumi.Input<string>;
  /**
   * Lets the pods of a service account read these models and nothing else, where that takes a grant. What is returned
   * must exist before the pods do.
   */
  grant?(
    name: string,
    account: { readonly namespace: pulumi.Input<string>; readonly name: pulumi.Input<string> },
    opts: pulumi.ComponentResourceOptions,
  ): pulumi.Resource;
}
