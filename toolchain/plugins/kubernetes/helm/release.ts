import { autoName } from "../../shared/autoname";
import { diffInputs } from "../../shared/diff";
import type {
  CheckRequest,
  CheckResult,
  CreateRequest,
  CreateResult,
  DeleteRequest,
  DiffRequest,
  DiffResult,
  ReadRequest,
  ReadResult,
  UpdateRequest,
} from "../../shared/provider";
import { markSecrets } from "../../shared/values";
import type { Properties } from "../../shared/values";
import { parseId, textAt } from "../object";
import type { Session } from "../session";
import { Helm } from "./binary";
import { chartArguments, releaseInputs } from "./inputs";

/** Helm's own limit. */
const MAX_RELEASE_NAME = 53;

interface HelmStatus {
  name?: string;
  namespace?: string;
  version?: number;
  info?: { status?: string };
  chart?: { metadata?: { name?: string; version?: string; appVersion?: string } };
}

function outputsOf(inputs: Properties, answer: string): Properties {
  const { name, namespace, version, info, chart } = JSON.parse(answer) as HelmStatus;
  const metadata = chart?.metadata;
  const status = {
    name,
    namespace,
    revision: version,
    status: info?.status,
    chart: metadata?.name,
    version: metadata?.version,
    appVersion: metadata?.appVersion,
  };
  return { ...inputs, status };
}

/** `helm.sh/v3:Release`: echoed in previews, applied by the real helm. */
export class HelmReleases {
  constructor(private readonly session: Session) {}

  async check({ newInputs, oldInputs, name, randomSeed, autonaming }: CheckRequest): Promise<CheckResult> {
    this.session.seen.chart = true;
    const failures =
      newInputs.chart === undefined ? [{ property: "chart", reason: "A release needs a chart." }] : [];
    const namespace = newInputs.namespace ?? this.session.config.namespace ?? "default";
    const generated = () => autoName({ name, randomSeed, autonaming, maxLength: MAX_RELEASE_NAME });
    const releaseName = newInputs.name ?? oldInputs.name ?? generated();
    if (releaseName === undefined)
      failures.push({ property: "name", reason: "Autonaming is disabled: give a name." });
    return { inputs: { ...newInputs, namespace, name: releaseName }, failures };
  }

  async diff({ oldInputs, newInputs }: DiffRequest): Promise<DiffResult> {
    const moves = (path: readonly (string | number)[]) => path[0] === "name" || path[0] === "namespace";
    return diffInputs(oldInputs, newInputs, moves);
  }

  async create(request: CreateRequest): Promise<CreateResult> {
    if (request.preview) return { id: "", outputs: request.inputs };
    const { name, namespace } = releaseInputs(request.inputs);
    return { id: `${namespace}/${name}`, outputs: await this.apply(request.inputs, request) };
  }

  async update(request: UpdateRequest): Promise<Properties> {
    return request.preview ? request.newInputs : this.apply(request.newInputs, request);
  }

  async read(request: ReadRequest): Promise<ReadResult | undefined> {
    const { cluster } = await this.session.link.forUpdate();
    if (!cluster) return { id: request.id, inputs: request.inputs, outputs: request.outputs };
    const { namespace = "default", name } = parseId(request.id);
    try {
      const helm = Helm.find(cluster.target);
      const answer = await helm.run(
        () => ["status", name, "--namespace", namespace, "--output", "json"],
        request,
      );
      const known = Object.keys(request.inputs).length > 0 ? request.inputs : { name, namespace };
      const outputs = markSecrets(outputsOf(known, answer), known) as Properties;
      return { id: request.id, inputs: known, outputs };
    } catch (error) {
      if (/release: not found/.test((error as Error).message)) return undefined;
      throw error;
    }
  }

  async delete(request: DeleteRequest): Promise<void> {
    const cluster = await this.session.clusterForUpdate();
    const { namespace = "default", name } = parseId(request.id);
    const { timeout } = releaseInputs(request.oldInputs);
    const wait = ["--wait", "--timeout", `${request.timeoutSeconds || timeout}s`];
    try {
      await Helm.find(cluster.target).run(
        () => ["uninstall", name, "--namespace", namespace, ...wait],
        request,
      );
    } catch (error) {
      if (!/release: not found/.test((error as Error).message)) throw error;
    }
  }

  private async apply(
    inputs: Properties,
    request: { signal: AbortSignal; timeoutSeconds: number },
  ): Promise<Properties> {
    const cluster = await this.session.clusterForUpdate();
    const release = releaseInputs(inputs);
    const files = Object.fromEntries(release.values.map((yaml, index) => [`values-${index}.yaml`, yaml]));
    const args = (paths: { readonly [name: string]: string }) => [
      "upgrade",
      "--install",
      ...chartArguments(release, Object.values(paths)),
      ...(release.createNamespace ? ["--create-namespace"] : []),
      ...(release.atomic ? ["--atomic"] : []),
      ...(release.skipAwait ? [] : ["--wait"]),
      "--timeout",
      `${request.timeoutSeconds || release.timeout}s`,
      "--output",
      "json",
    ];
    const answer = await Helm.find(cluster.target).run(args, { ...request, files });
    // A chart may bring definitions along.
    cluster.discovery.reset();
    return markSecrets(outputsOf(inputs, answer), inputs) as Properties;
  }
}

/** The chart of `helm.sh/v3:Chart`, rendered without a release. @param options what the SDK sends, as JSON text */
export async function helmTemplate(
  options: string,
  signal: AbortSignal,
): Promise<{ yaml: string; namespace?: string }> {
  const parsed: unknown = JSON.parse(options);
  const chart = textAt(parsed, "path") ?? textAt(parsed, "chart") ?? "";
  const release = releaseInputs({
    ...(parsed as Properties),
    chart,
    name: textAt(parsed, "release_name") ?? "release",
    repositoryOpts: { repo: textAt(parsed, "fetch_opts", "repo") },
  });
  const files = Object.fromEntries(release.values.map((yaml, index) => [`values-${index}.yaml`, yaml]));
  const crds = (parsed as { skip_crd_rendering?: boolean }).skip_crd_rendering ? [] : ["--include-crds"];
  const helm = Helm.find(undefined);
  const yaml = await helm.run(
    (paths) => ["template", ...chartArguments(release, Object.values(paths)), ...crds],
    {
      signal,
      files,
    },
  );
  return { yaml, namespace: textAt(parsed, "namespace") };
}
