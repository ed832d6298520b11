import type * as pulumi from "@pulumi/pulumi";
import type { ModelReference, RegistryAddress } from "../model/repository-models";

/** A short-lived token of a pod's service account, as a volume. */
export interface IdentityToken {
  readonly volume: string;
  readonly mountPath: string;
  /** Name of the file in the volume. */
  readonly file: string;
  /** Whom the token is for: nobody else takes it. */
  readonly audience: string;
  /** Annotations of the pod, so that no other container gets credentials. */
  readonly podAnnotations: Readonly<Record<string, string>>;
}

/** What the pods of a service need in order to fetch their models from a repository. */
export interface ModelAccess {
  /** Flows that fetching needs. */
  readonly registries: readonly RegistryAddress[];
  /** Environment of the containers that fetch. */
  readonly env: readonly { readonly name: string; readonly value: pulumi.Input<string> }[];
  /** A claim that holds the models; it is mounted read-only where they are fetched from it. */
  readonly claim?: { readonly claimName: pulumi.Input<string>; readonly mountPath: string };
  /** A token by which the service account is known to whoever gives credentials; it is there where models are fetched. */
  readonly token?: IdentityToken;
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
