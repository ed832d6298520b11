import { ENV } from "../../runtime/contract";
import type { ModelAccess } from "../internal/model-access";
import { isIpv4, isIpv4Cidr, parseOciSource, parseWebSource } from "../internal/references";
import type { Problems } from "../internal/validation";
import {
  ANY_ADDRESS,
  type ModelReference,
  type RegistryAddress,
  type RepositorySignature,
} from "./repository-models";

/** A ModelRepository of artifacts in OCI registries, and of files on web servers. */
export interface OciRepositoryArgs extends RepositorySignature {
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

/** Defaults; a test ties each to its `@default` above. */
export const OCI_DEFAULTS = { kind: "oci", insecureRegistries: [] } as const;

/** Records every problem but those of the models. */
export function checkOciRepository(args: OciRepositoryArgs, problems: Problems): void {
  args.registryCidrs?.forEach((cidr, i) =>
    problems.check(
      isIpv4Cidr(cidr),
      `registryCidrs[${i}]`,
      `"${cidr}" must be an IPv4 range, as in "10.0.0.0/8"`,
    ),
  );
}

/** What is wrong with a model's source. */
export function ociSourceProblem({ source }: ModelReference): string | undefined {
  if (source === undefined) return `must be given: ${SOURCES}`;
  if (serverOf(source) !== undefined) return undefined;
  return `"${source}" must be ${source.startsWith("https://") ? WEB_SOURCE : SOURCES}`;
}

const WEB_SOURCE =
  "https://HOST[:PORT]/PATH of a .onnx, .tar, .tar.gz or .tgz, without password, query or fragment";
const SOURCES = "oci://HOST[:PORT]/REPOSITORY@sha256:<64 hex digits>, or https://HOST[:PORT]/PATH";

function serverOf(source: string): { readonly host: string; readonly port: number } | undefined {
  return parseOciSource(source) ?? parseWebSource(source);
}

/** How pods get at these models. */
export function ociAccess(args: OciRepositoryArgs, models: readonly ModelReference[]): ModelAccess {
  const insecure = (args.insecureRegistries ?? OCI_DEFAULTS.insecureRegistries).join(",");
  return {
    registries: addressesOf(models, args.registryCidrs),
    env: insecure === "" ? [] : [{ name: ENV.insecureRegistries, value: insecure }],
    // Validated to be there.
    sourceOf: (model) => model.source!,
  };
}

/** Addresses that a pod must reach to fetch these models, each once. */
function addressesOf(
  models: readonly ModelReference[],
  registryCidrs: readonly string[] | undefined,
): RegistryAddress[] {
  const addresses = new Map<string, RegistryAddress>();
  for (const model of models) {
    const server = serverOf(model.source ?? "");
    if (!server) continue;
    for (const range of rangesOf(server.host, registryCidrs)) {
      addresses.set(`${range.cidr}:${server.port}`, { ...range, port: server.port });
    }
  }
  return [...addresses.values()];
}

function rangesOf(
  host: string,
  registryCidrs: readonly string[] | undefined,
): { cidr: string; except: readonly string[] }[] {
  if (isIpv4(host)) return [{ cidr: `${host}/32`, except: [] }];
  return registryCidrs?.map((cidr) => ({ cidr, except: [] })) ?? [ANY_ADDRESS];
}
