import { getAuthorizationTokenOutput } from "@pulumi/aws/ecr/getAuthorizationToken";
import type { Repository } from "@pulumi/aws/ecr/repository";
import { Command } from "@pulumi/command/local/command";
import * as pulumi from "@pulumi/pulumi";
import { imageProblem } from "../internal/references";
import { plainValue, Problems } from "../internal/validation";
import { BUILD_SCRIPT } from "./build-script";
import { createImageRepository } from "./image-repository";
import { resolveImage, type ImageBuild, type ResolvedImage } from "./image-settings";
import { imageFingerprint, installFingerprint, sourceVersion } from "./image-sources";

/** An image that is there. */
export interface ExistingImage {
  /** Its reference with a digest, as in `registry.example.com/slipway/runtime@sha256:…`. */
  readonly existing: pulumi.Input<string>;
}

/** Inputs of a RuntimeImage: an image that is there, or how it is built. */
export type RuntimeImageArgs = ExistingImage | ImageBuild;

/**
 * The inference server's image, named by digest: one that is there, or one built from a checkout of this project and pushed to an
 * ECR repository of its own (private, tags that cannot be moved, scanned on push, encrypted, old images expired) or to another
 * registry. A built image has a list of its software (SBOM) and its provenance attested to it unless it is for AWS Lambda, which takes
 * none; it runs as an unprivileged user, and is tagged by its content, so that the same sources are built once.
 *
 * Building takes `docker` with buildx on the machine that deploys; a preview takes neither. `docker buildx` itself is run because
 * Pulumi's own image resources fall short of this: those of `@pulumi/docker` push what the Docker daemon holds, and log in to no
 * registry for a cache, and `@pulumi/docker-build` has no SBOM and turns provenance off (pulumi/pulumi-docker-build#73).
 *
 * **What was never run.** The project's tests run the script with a program in Docker's place and look at every call that it makes,
 * and the resources under the engine with stand-ins for AWS and for commands. No image has been built by a real BuildKit, pushed to a
 * real registry or scanned there, nor has the CUDA variant been started on a GPU. The embedded cluster's image is made without Docker,
 * by `slipway up` itself.
 *
 * @example
 * const image = new RuntimeImage("runtime", {
 *   existing: "registry.example.com/slipway/runtime@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
 * });
 * export const reference = image.reference;
 */
export class RuntimeImage extends pulumi.ComponentResource {
  /** The image with its digest: what services take as `image`. */
  readonly reference: pulumi.Output<string>;
  /**
   * Whether the reference names a list of manifests, which AWS Lambda does not take: it does where there are several platforms, or
   * attestations. Undefined where the image is there already.
   */
  readonly isList: boolean | undefined;
  /** The repository in ECR, where one was made. */
  readonly repository: Repository | undefined;

  constructor(name: string, args: RuntimeImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:index:RuntimeImage", name, {}, opts);
    if (isExisting(args)) {
      checkExisting(name, args);
      this.reference = pulumi.output(args.existing).apply((reference) => checkedLater(name, reference));
    } else {
      const settings = resolveImage(name, args);
      this.isList = settings.attestations || settings.platforms.length > 1;
      this.repository = createImageRepository(name, settings, { parent: this });
      this.reference = this.build(name, settings, this.repository);
    }
    this.registerOutputs({ reference: this.reference });
  }

  private build(
    name: string,
    settings: ResolvedImage,
    repository: Repository | undefined,
  ): pulumi.Output<string> {
    const { context, variant, platforms, nodeImage, baseImage, builder } = settings;
    const target = settings.registry ?? settings.repository;
    const environment = {
      PLATFORMS: platforms.join(","),
      VARIANT: variant,
      NODE_IMAGE: nodeImage,
      BASE_IMAGE: baseImage,
      SBOM: sbomOf(settings),
    };
    const id = imageFingerprint(context, [target, environment, settings.cache, BUILD_SCRIPT]);
    const version = sourceVersion(context).replaceAll("+", "_");
    const url = repository?.repositoryUrl ?? pulumi.output(target!);
    const installed = installFingerprint(context, [variant, platforms, nodeImage]);
    // Named by what it builds: a login changes with every run and is ignored, as it must not start a build, so that each build
    // has to be a resource of its own to get a login that is valid.
    const command = new Command(
      `${name}-build-${id}`,
      {
        interpreter: ["/bin/sh", "-c"],
        create: BUILD_SCRIPT,
        dir: context,
        environment: {
          ...environment,
          REFERENCE: pulumi.interpolate`${url}:${variant}-${version}-${id}`,
          CACHE: settings.cache ? pulumi.interpolate`${url}:cache-${variant}-${installed}` : "",
          ...(builder === undefined ? {} : { BUILDX_BUILDER: builder }),
        },
        stdin: this.logins(settings, repository),
      },
      { parent: this, ignoreChanges: ["stdin", "dir", "environment.BUILDX_BUILDER"] },
    );
    // The login made all of the command's outputs secret.
    return pulumi.unsecret(command.stdout);
  }

  /** A Docker `config.json`; empty where the machine's own logins are to be used. */
  private logins({ logins }: ResolvedImage, repository: Repository | undefined): pulumi.Output<string> {
    if (!repository && logins.length === 0) return pulumi.output("");
    return pulumi.secret(
      pulumi
        .all([logins, repository ? this.ecrLogin(repository) : undefined])
        .apply(([others, own]) => dockerConfig(own ? [own, ...others] : others)),
    );
  }

  private ecrLogin(repository: Repository): pulumi.Output<PlainLogin> {
    const { registryId, repositoryUrl } = repository;
    const token = getAuthorizationTokenOutput({ registryId }, { parent: this });
    return pulumi
      .all([repositoryUrl, token.userName, token.password])
      .apply(([url, username, password]) => ({ host: url.split("/")[0]!, username, password }));
  }
}

/** What buildx is told of the list of software; nothing where nothing is attested. */
function sbomOf({ attestations, sbomGenerator }: ResolvedImage): string {
  if (!attestations) return "";
  return sbomGenerator === undefined ? "type=sbom" : `type=sbom,generator=${sbomGenerator}`;
}

interface PlainLogin {
  readonly host: string;
  readonly username: string;
  readonly password: string;
}

/** The file in which Docker keeps logins. */
function dockerConfig(logins: readonly PlainLogin[]): string {
  const auths = logins.map(({ host, username, password }) => [
    host,
    { auth: Buffer.from(`${username}:${password}`).toString("base64") },
  ]);
  return JSON.stringify({ auths: Object.fromEntries(auths) });
}

/** A property that is there without a value is a setting that was left out. */
function isExisting(args: RuntimeImageArgs): args is ExistingImage {
  return "existing" in args && args.existing !== undefined;
}

function checkExisting(name: string, args: ExistingImage): void {
  const problems = new Problems("RuntimeImage", name);
  const others = Object.entries(args).filter(([key, value]) => key !== "existing" && value !== undefined);
  for (const [key] of others) problems.add(key, "has no meaning beside `existing`; leave one of them out");
  const reference = plainValue(args.existing);
  const problem = reference === undefined ? undefined : imageProblem(reference);
  if (problem !== undefined) problems.add("existing", problem);
  problems.throwIfAny();
}

/** The same check for a reference that is known only once its source is. */
function checkedLater(name: string, reference: string): string {
  const problem = imageProblem(reference);
  if (problem === undefined) return reference;
  throw new pulumi.RunError(`RuntimeImage "${name}": \`existing\`: ${problem}`);
}
