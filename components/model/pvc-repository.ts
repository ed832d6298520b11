import { PersistentVolumeClaim } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { PART_OF } from "../internal/labels";
import type { ModelAccess } from "../internal/model-access";
import { byteCount } from "../internal/quantity";
import { isDnsLabel, isHostName, plainValue, Problems } from "../internal/validation";
import {
  defaultPath,
  isPlainPath,
  PLAIN_PATH,
  type ModelReference,
  type RepositorySignature,
} from "./repository-models";

/** A volume claim that a repository makes. Something else fills it: a job, or whoever keeps the volume. */
export interface RepositoryClaim {
  /** Namespace of the services: pods mount claims of their own namespace only. */
  readonly namespace: pulumi.Input<string>;
  /** Size, as in "50Gi". */
  readonly size: string;
  /**
   * Storage class; "" for none, where `volumeName` names a volume that was made by hand.
   * @default the cluster's default class
   */
  readonly storageClass?: string;
  /**
   * How nodes may mount it: several must, because pods of a service are spread. "ReadOnlyMany" is for a volume that is filled
   * already.
   * @default "ReadWriteMany"
   */
  readonly accessMode?: "ReadWriteMany" | "ReadOnlyMany";
  /**
   * An existing PersistentVolume to take.
   * @default one that the storage class provides
   */
  readonly volumeName?: string;
}

/** A ModelRepository in a volume, for clusters without object store. Pods copy their models from it and verify them. */
export interface PvcRepositoryArgs extends RepositorySignature {
  /** How models are stored: as files of a PersistentVolumeClaim, which the server's user (65532) may read. */
  readonly kind: "pvc";
  /** Every model version that services may serve. */
  readonly models: readonly ModelReference[];
  /**
   * An existing claim in the namespace of the services; else `claim` must be given.
   * @default one that the repository makes
   */
  readonly claimName?: pulumi.Input<string>;
  /**
   * The claim that the repository makes.
   * @default none: `claimName` names an existing one
   */
  readonly claim?: RepositoryClaim;
  /**
   * Folder of the volume that models lie in, without `/` at its ends.
   * @default ""
   */
  readonly prefix?: string;
}

/** Defaults; a test ties each to its `@default` above. */
export const PVC_DEFAULTS = { accessMode: "ReadWriteMany", prefix: "" } as const;

/** Where pods see the volume while they fetch. */
const MOUNT_PATH = "/repository";

/** Records every problem but those of the models. */
export function checkPvcRepository(name: string, args: PvcRepositoryArgs, problems: Problems): void {
  const { claim, prefix = PVC_DEFAULTS.prefix } = args;
  problems.check(
    prefix === "" || isPlainPath(prefix),
    "prefix",
    `"${prefix}" must be ${PLAIN_PATH}, without one at its ends`,
  );
  problems.check(
    (args.claimName === undefined) !== (claim === undefined),
    "claimName",
    "either this or `claim` must be given, and not both",
  );
  const claimName = plainValue(args.claimName);
  problems.check(
    claimName === undefined || isHostName(claimName),
    "claimName",
    `"${claimName}" must be the name of a claim: lower-case letters, digits, "-" and "."`,
  );
  if (claim) checkClaim(name, claim, problems);
}

/** What is wrong with a model's source. */
export function pvcSourceProblem({ source }: ModelReference): string | undefined {
  return source === undefined || isPlainPath(source) ? undefined : `"${source}" must be ${PLAIN_PATH}`;
}

function checkClaim(name: string, claim: RepositoryClaim, problems: Problems): void {
  problems.check(
    isDnsLabel(name),
    "name",
    `"${name}" must be at most 63 lower-case letters, digits and "-": the claim is called so`,
  );
  const namespace = plainValue(claim.namespace);
  problems.check(
    namespace === undefined || isDnsLabel(namespace),
    "claim.namespace",
    `"${namespace}" must be a DNS label`,
  );
  problems.check(
    (byteCount(claim.size) ?? 0) > 0,
    "claim.size",
    `"${claim.size}" must be a size, as in "50Gi"`,
  );
  const { accessMode = PVC_DEFAULTS.accessMode, storageClass, volumeName } = claim;
  problems.check(
    accessMode === "ReadWriteMany" || accessMode === "ReadOnlyMany",
    "claim.accessMode",
    `"${String(accessMode)}" must be "ReadWriteMany" or "ReadOnlyMany": pods on several nodes read the volume`,
  );
  problems.check(
    storageClass === undefined || storageClass === "" || isHostName(storageClass),
    "claim.storageClass",
    `"${storageClass}" must be the name of a storage class, or "" for none`,
  );
  problems.check(
    volumeName === undefined || isHostName(volumeName),
    "claim.volumeName",
    `"${volumeName}" must be the name of a PersistentVolume`,
  );
  problems.check(
    storageClass !== "" || volumeName !== undefined,
    "claim.volumeName",
    'must be given where `storageClass` is "": nothing else provides a volume',
  );
}

/** The models of a "pvc" repository. */
export class VolumeStore {
  readonly claimName: pulumi.Output<string>;
  private readonly made: PersistentVolumeClaim | undefined;

  constructor(
    private readonly name: string,
    private readonly args: PvcRepositoryArgs,
    component: pulumi.Resource,
  ) {
    this.made = args.claim ? createClaim(name, args.claim, component) : undefined;
    this.claimName = this.made ? this.made.metadata.name : pulumi.output(args.claimName!);
  }

  access(): ModelAccess {
    const { prefix = PVC_DEFAULTS.prefix, claim } = this.args;
    const root = prefix === "" ? MOUNT_PATH : `${MOUNT_PATH}/${prefix}`;
    const access: ModelAccess = {
      // The node mounts the volume; the pod itself speaks to nobody.
      registries: [],
      env: [],
      sourceOf: (model) => `file://${root}/${model.source ?? defaultPath(model)}`,
      claim: { claimName: this.claimName, mountPath: MOUNT_PATH },
    };
    const { made } = this;
    if (!made || !claim) return access;
    return {
      ...access,
      grant: (_name, account) => {
        const [service, own] = [plainValue(account.namespace), plainValue(claim.namespace)];
        if (service !== undefined && own !== undefined) requireNamespace(this.name, service, own);
        else {
          pulumi
            .all([account.namespace, claim.namespace])
            .apply(([service, own]) => requireNamespace(this.name, service, own));
        }
        return made;
      },
    };
  }
}

function createClaim(
  name: string,
  claim: RepositoryClaim,
  component: pulumi.Resource,
): PersistentVolumeClaim {
  const { namespace, size, storageClass, volumeName, accessMode = PVC_DEFAULTS.accessMode } = claim;
  return new PersistentVolumeClaim(
    `${name}-claim`,
    {
      metadata: {
        name,
        namespace,
        labels: PART_OF,
        // A class may bind it only when its first pod is there, and that pod is made after it.
        annotations: { "pulumi.com/skipAwait": "true" },
      },
      spec: {
        accessModes: [accessMode],
        resources: { requests: { storage: size } },
        ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
        ...(volumeName === undefined ? {} : { volumeName }),
      },
    },
    { parent: component },
  );
}

function requireNamespace(repository: string, service: string, claim: string): void {
  const problems = new Problems("ModelRepository", repository);
  problems.check(
    service === claim,
    "claim.namespace",
    `the claim is in "${claim}", but a service in "${service}": pods mount claims of their own namespace only`,
  );
  problems.throwIfAny();
}
