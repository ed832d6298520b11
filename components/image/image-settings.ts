import type * as pulumi from "@pulumi/pulumi";
import { imageProblem } from "../internal/references";
import { Problems } from "../internal/validation";
import { missingSources } from "./image-sources";

/** A login of a registry. */
export interface RegistryLogin {
  /** Host as references have it, as in `ghcr.io` or `registry.example.com:5000`. */
  readonly host: string;
  readonly username: pulumi.Input<string>;
  /** Kept as a secret. */
  readonly password: pulumi.Input<string>;
}

/** Settings of a build that have a default. */
export interface ImageSettings {
  /**
   * What the server computes with: `cuda` adds onnxruntime's CUDA libraries, for NVIDIA GPUs.
   * @default "cpu"
   */
  readonly variant?: "cpu" | "cuda";
  /**
   * Platforms that the image is built for; each but the builder's own takes an emulator or a builder with a node of that kind.
   * @default ["linux/amd64"]
   */
  readonly platforms?: readonly Platform[];
  /**
   * Name of the ECR repository that is made.
   * @default `slipway/NAME`, after the component
   */
  readonly repository?: string;
  /**
   * A repository that is there, of whatever registry, as in `ghcr.io/team/runtime`; then none is made in ECR.
   * @default none
   */
  readonly registry?: string;
  /**
   * Logins of `registry`, and of registries that the base images are in, besides those of `docker login` on the machine. A
   * repository that is made has its own.
   * @default []
   */
  readonly logins?: readonly RegistryLogin[];
  /**
   * Images that the ECR repository keeps, the newest ones; older ones are expired, in use or not.
   * @default 30
   */
  readonly keepImages?: number;
  /**
   * ARN of the KMS key that the ECR repository is encrypted with.
   * @default a key of its own
   */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /**
   * Deletes the ECR repository with its images; without it, one that has images refuses to be deleted.
   * @default false
   */
  readonly forceDelete?: boolean;
  /**
   * Keeps installed packages in the image's repository, so that the next build need not install them again.
   * @default true
   */
  readonly cache?: boolean;
  /**
   * Whether a list of the image's software (SBOM) and its provenance are attested to it. An image with attestations is a list of manifests,
   * which AWS Lambda does not take: a ServerlessEndpoint needs one without, of a single platform.
   * @default true
   */
  readonly attestations?: boolean;
  /**
   * Image that makes the list of software (SBOM), with a digest.
   * @default BuildKit's own
   */
  readonly sbomGenerator?: string;
  /**
   * Name of the buildx builder. One of the `docker-container` driver can do all that is asked here; Docker's own can where it keeps
   * images in containerd's store.
   * @default the machine's current one
   */
  readonly builder?: string;
  /**
   * Tags of every AWS resource.
   * @default {}
   */
  readonly tags?: Readonly<Record<string, string>>;
}

/** An image built from a checkout of this project. */
export interface ImageBuild extends ImageSettings {
  /** Folder of the checkout, with its `Dockerfile`; relative to the program's. */
  readonly context: string;
  /** Node 20 on Debian 12 with a digest, as in `docker.io/library/node@sha256:…`. */
  readonly nodeImage: string;
  /**
   * What the image is based on, with a digest: glibc and libstdc++ as new as Debian 12's, and for `cuda` CUDA 12 and cuDNN 9. As in
   * `gcr.io/distroless/cc-debian12@sha256:…` and `docker.io/nvidia/cuda@sha256:…`.
   */
  readonly baseImage: string;
}

/** Defaults; a test ties each to its `@default` above. */
export const IMAGE_DEFAULTS = {
  variant: "cpu",
  platforms: ["linux/amd64"],
  logins: [],
  keepImages: 30,
  forceDelete: false,
  cache: true,
  attestations: true,
  tags: {},
} as const satisfies ImageSettings;

export type Platform = "linux/amd64" | "linux/arm64";

/** What a variant can be built for: the platforms that onnxruntime-node has libraries for (its README, "Requirements"). */
const PLATFORMS: Readonly<Record<"cpu" | "cuda", readonly Platform[]>> = {
  cpu: ["linux/amd64", "linux/arm64"],
  cuda: ["linux/amd64"],
};

type Defaulted = keyof typeof IMAGE_DEFAULTS;

export type ResolvedImage = Omit<ImageBuild, Defaulted | "repository"> &
  Required<Pick<ImageSettings, Defaulted>> & {
    /** Of ECR; undefined where `registry` is given. */
    readonly repository: string | undefined;
  };

/** Settings of a repository in ECR, which another registry's does not take. */
const ECR_ONLY = ["repository", "keepImages", "kmsKeyArn", "forceDelete"] as const;

/** AWS' pattern of `repositoryName` (CreateRepository in the API reference), and its length. */
const ECR_NAME = /^(?=.{2,256}$)(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/;

/** `host[:port]/path`, where the host is one because it has a dot or a port. */
const REGISTRY_NAME =
  /^(?:[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d{1,5})?|[a-z0-9-]+:\d{1,5})(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)+$/;

/**
 * Fills in the defaults and checks everything.
 * @throws InputPropertiesError with every problem.
 */
export function resolveImage(name: string, args: ImageBuild): ResolvedImage {
  const settings: ResolvedImage = {
    ...args,
    variant: args.variant ?? IMAGE_DEFAULTS.variant,
    platforms: args.platforms ?? IMAGE_DEFAULTS.platforms,
    repository:
      args.registry === undefined ? (args.repository ?? `slipway/${name.toLowerCase()}`) : undefined,
    logins: args.logins ?? IMAGE_DEFAULTS.logins,
    keepImages: args.keepImages ?? IMAGE_DEFAULTS.keepImages,
    forceDelete: args.forceDelete ?? IMAGE_DEFAULTS.forceDelete,
    cache: args.cache ?? IMAGE_DEFAULTS.cache,
    attestations: args.attestations ?? IMAGE_DEFAULTS.attestations,
    tags: args.tags ?? IMAGE_DEFAULTS.tags,
  };
  const problems = new Problems("RuntimeImage", name);
  checkContent(settings, problems);
  checkTarget(settings, args, problems);
  settings.logins.forEach(({ host }, i) =>
    problems.check(
      /^[a-z0-9.-]+(?::\d{1,5})?$/.test(host),
      `logins[${i}].host`,
      `"${host}" must be a host, as in ghcr.io: no scheme, no path`,
    ),
  );
  problems.throwIfAny();
  return settings;
}

function checkContent(settings: ResolvedImage, problems: Problems): void {
  const { variant, platforms, context } = settings;
  const possible = PLATFORMS[variant] as readonly Platform[] | undefined;
  problems.check(
    possible !== undefined,
    "variant",
    `"${variant}" must be one of ${Object.keys(PLATFORMS).join(", ")}`,
  );
  problems.check(platforms.length > 0, "platforms", "must name at least one, as in linux/amd64");
  platforms.forEach((platform, i) => {
    const allowed = possible ?? PLATFORMS.cpu;
    problems.check(
      allowed.includes(platform),
      `platforms[${i}]`,
      PLATFORMS.cpu.includes(platform)
        ? `onnxruntime-node has no ${variant} libraries for ${platform}; "${variant}" must be ${allowed.join(" or ")}`
        : `"${platform}" must be ${allowed.join(" or ")}`,
    );
    const earlier = platforms.indexOf(platform);
    problems.check(earlier === i, `platforms[${i}]`, `"${platform}" is also platforms[${earlier}]`);
  });
  for (const field of ["nodeImage", "baseImage", "sbomGenerator"] as const) {
    const image = settings[field];
    const problem = image === undefined ? undefined : referenceProblem(image);
    if (problem !== undefined) problems.add(field, problem);
  }
  problems.check(
    settings.attestations || settings.sbomGenerator === undefined,
    "sbomGenerator",
    "has no meaning where `attestations` is false; leave one of them out",
  );
  for (const field of ["context", "nodeImage", "baseImage"] as const) {
    const given = settings[field] as string | undefined;
    problems.check(given !== undefined, field, "must be given where there is no `existing`");
  }
  const missing = context === undefined ? [] : missingSources(context);
  problems.check(
    missing.length === 0,
    "context",
    `"${context}" must be a checkout of this project; it has no ${missing.join(", ")}`,
  );
}

/** Stricter than for images that are only named: these end up in lists that commas separate. */
function referenceProblem(image: string): string | undefined {
  return /^[\w./:@-]*$/.test(image) ? imageProblem(image) : `"${image}" is not an image reference`;
}

function checkTarget(settings: ResolvedImage, args: ImageBuild, problems: Problems): void {
  const { registry, repository, keepImages } = settings;
  if (registry !== undefined) {
    problems.check(
      REGISTRY_NAME.test(registry),
      "registry",
      `"${registry}" must be a repository with its registry's host, as in ghcr.io/team/runtime: no scheme, no tag`,
    );
    for (const field of ECR_ONLY.filter((key) => args[key] !== undefined)) {
      problems.add(field, "has a meaning only for a repository in ECR; leave it out, or `registry`");
    }
  }
  problems.check(
    repository === undefined || ECR_NAME.test(repository),
    "repository",
    `"${repository}" must be 2 to 256 lower-case letters, digits, ".", "_", "-" and "/", each part beginning and ending with a letter or digit`,
  );
  problems.check(
    Number.isInteger(keepImages) && keepImages >= 1,
    "keepImages",
    `${keepImages} must be a whole number of at least 1`,
  );
}
