import * as pulumi from "@pulumi/pulumi";
import { ENV } from "../../runtime/contract";
import type { ModelAccess } from "../internal/model-access";
import { parseOciSource, isIpv4, isIpv4Cidr } from "../internal/references";
import { Problems } from "../internal/validation";

/** A version of a model, and where its files lie. */
export interface ModelReference {
  /** Name that clients call it by: letters, digits, `.`, `_`, `-`. */
  readonly name: string;
  /** A positive whole number, as Triton's repository layout has it. */
  readonly version: string;
  /** `oci://HOST[:PORT]/REPOSITORY@sha256:…`; the digest pins every file. */
  readonly source: string;
  /** SHA-256 of `model.onnx` in hex: checked again after the download. */
  readonly sha256: string;
}

/** A flow that a pod needs to fetch models: `cidr` is the widest set of addresses that the registry may have. */
export interface RegistryAddress {
  readonly cidr: string;
  /** Parts of `cidr` that stay closed. */
  readonly except: readonly string[];
  readonly port: number;
}

/** A registry known only by its name may have any address, but never a link-local one (cloud metadata services). */
const ANY_ADDRESS = { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } as const;

/** Inputs of a ModelRepository. */
export interface ModelRepositoryArgs {
  /**
   * How models are stored: as artifacts of an OCI registry.
   * @default "oci"
   */
  readonly kind?: "oci";
  /** Every model version that services may serve. */
  readonly models: readonly ModelReference[];
  /**
   * Registries (`host[:port]`) that are spoken to without TLS: only such as lie inside the node or a private network.
   * @default []
   */
  readonly insecureRegistries?: readonly string[];
  /**
   * Address ranges (IPv4 CIDR) of registries that are named by host name; pods may fetch from nowhere else.
   * @default any address but link-local ones
   */
  readonly registryCidrs?: readonly string[];
}

/**
 * The model versions of a platform, each pinned by digest. Services fetch them from here before they start, and refuse
 * files whose digest differs.
 */
export class ModelRepository extends pulumi.ComponentResource {
  readonly kind: "oci";
  readonly models: readonly ModelReference[];
  readonly insecureRegistries: readonly string[];
  private readonly registryCidrs: readonly string[] | undefined;

  constructor(name: string, args: ModelRepositoryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:index:ModelRepository", name, args, opts);
    validateRepository(name, args);

    this.kind = args.kind ?? "oci";
    this.models = args.models;
    this.insecureRegistries = args.insecureRegistries ?? [];
    this.registryCidrs = args.registryCidrs;
    this.registerOutputs({ kind: this.kind, models: [...this.models] });
  }

  /** How the pods of a service get at these models. */
  access(models: readonly ModelReference[]): ModelAccess {
    const insecure = this.insecureRegistries.join(",");
    return {
      registries: this.addressesOf(models),
      env: insecure === "" ? [] : [{ name: ENV.insecureRegistries, value: insecure }],
      sourceOf: (model) => model.source,
    };
  }

  /** Addresses that a pod must reach to fetch these models, each once. */
  private addressesOf(models: readonly ModelReference[]): RegistryAddress[] {
    const addresses = new Map<string, RegistryAddress>();
    for (const model of models) {
      const source = parseOciSource(model.source);
      if (!source) continue;
      for (const range of this.rangesOf(source.host)) {
        addresses.set(`${range.cidr}:${source.port}`, { ...range, port: source.port });
      }
    }
    return [...addresses.values()];
  }

  private rangesOf(host: string): { cidr: string; except: readonly string[] }[] {
    if (isIpv4(host)) return [{ cidr: `${host}/32`, except: [] }];
    return this.registryCidrs?.map((cidr) => ({ cidr, except: [] })) ?? [ANY_ADDRESS];
  }
}

/**
 * Checks everything.
 * @throws InputPropertiesError with every problem.
 */
export function validateRepository(name: string, args: ModelRepositoryArgs): void {
  const problems = new Problems("ModelRepository", name);
  problems.check((args.kind ?? "oci") === "oci", "kind", `"${String(args.kind)}" must be "oci"`);
  validateModels(args.models, problems);
  args.registryCidrs?.forEach((cidr, i) =>
    problems.check(
      isIpv4Cidr(cidr),
      `registryCidrs[${i}]`,
      `"${cidr}" must be an IPv4 range, as in "10.0.0.0/8"`,
    ),
  );
  problems.throwIfAny();
}

function validateModels(models: readonly ModelReference[], problems: Problems): void {
  const seen = new Map<string, number>();
  models.forEach((model, i) => {
    const path = `models[${i}]`;
    problems.check(
      /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(model.name),
      `${path}.name`,
      `"${model.name}" must be 1 to 63 letters, digits, ".", "_" or "-", beginning with a letter or digit`,
    );
    problems.check(
      /^[1-9][0-9]{0,8}$/.test(model.version),
      `${path}.version`,
      `"${model.version}" must be a positive whole number, as in "1"`,
    );
    problems.check(
      parseOciSource(model.source) !== undefined,
      `${path}.source`,
      `"${model.source}" must be oci://HOST[:PORT]/REPOSITORY@sha256:<64 hex digits>`,
    );
    problems.check(
      /^[0-9a-f]{64}$/.test(model.sha256),
      `${path}.sha256`,
      `"${model.sha256}" must be 64 hex digits`,
    );
    const earlier = seen.get(`${model.name}/${model.version}`);
    if (earlier !== undefined) {
      problems.add(path, `model "${model.name}" version "${model.version}" is also models[${earlier}]`);
    }
    seen.set(`${model.name}/${model.version}`, i);
  });
}
