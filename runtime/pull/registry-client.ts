import { createHash } from "node:crypto";
import { PullFailure } from "./pull-failure";
import type { OciReference } from "./reference";
import type { Source } from "./resumable-download";
import { contentOf, getUrl, type WebAccess } from "./web-client";

const MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";

/** Bytes; a manifest lists files, it is no place for data. */
const LARGEST_MANIFEST = 4 * 1024 * 1024;

export interface Layer {
  readonly digest: string;
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface Manifest {
  readonly artifactType?: string;
  readonly layers: readonly Layer[];
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Reads one repository of an OCI registry; nothing is believed before its digest was checked. */
export class RegistryClient {
  /** What the registry's challenge was answered with. */
  private authorization: string | undefined;

  constructor(
    private readonly reference: OciReference,
    private readonly access: WebAccess,
  ) {}

  async manifest(): Promise<Manifest> {
    const { digest } = this.reference;
    const response = await this.get(`manifests/${digest}`, { accept: MANIFEST_TYPE });
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of response.body ?? []) {
      chunks.push(chunk as Buffer);
      if ((size += (chunk as Buffer).length) > LARGEST_MANIFEST)
        throw this.failure("its manifest is larger than 4 MiB");
    }
    const bytes = Buffer.concat(chunks);
    const actual = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
    if (actual !== digest) throw this.failure(`its manifest has the digest ${actual}`);
    return this.checkManifest(JSON.parse(bytes.toString("utf8")) as Partial<Manifest>);
  }

  /** A layer's content; resumable, because its digest names it. */
  layer({ digest, size }: Layer): Source {
    return {
      name: `${digest} of ${this.reference.registry}/${this.reference.repository}`,
      sha256: digest.slice("sha256:".length),
      size,
      open: async (offset, _validator, signal) => {
        const headers: Record<string, string> = offset > 0 ? { range: `bytes=${offset}-` } : {};
        const response = await this.get(`blobs/${digest}`, headers, signal, [416]);
        return contentOf(response, offset, this.shown());
      },
    };
  }

  private checkManifest(manifest: Partial<Manifest>): Manifest {
    const { layers } = manifest;
    const whole =
      Array.isArray(layers) &&
      layers.every(
        ({ digest, size }) => /^sha256:[0-9a-f]{64}$/.test(digest) && Number.isSafeInteger(size) && size >= 0,
      );
    if (!whole) throw this.failure("its manifest lists no layers with SHA-256 digests and sizes");
    return manifest as Manifest;
  }

  private async get(
    path: string,
    headers: Record<string, string>,
    signal?: AbortSignal,
    wanted: readonly number[] = [],
  ): Promise<Response> {
    let response = await this.fetch(path, headers, signal);
    // Where the registry leads to must not say to whom its credentials go.
    if (response.status === 401 && this.isRegistry(response.url)) {
      // No credentials yet, or a token that ended while a large model was on its way.
      await response.body?.cancel();
      this.authorization = await this.credentials(response.headers.get("www-authenticate") ?? "");
      response = await this.fetch(path, headers, signal);
    }
    if (response.ok || wanted.includes(response.status)) return response;
    await response.body?.cancel();
    const transient = response.status >= 500 || response.status === 429;
    throw this.failure(`the registry answered ${response.status} for ${path}`, transient);
  }

  private isRegistry(address: string): boolean {
    const { protocol, host } = new URL(address);
    // The port of a protocol is not part of the host.
    return host === new URL(`${protocol}//${this.reference.registry}`).host;
  }

  private async fetch(
    path: string,
    headers: Record<string, string>,
    signal?: AbortSignal,
  ): Promise<Response> {
    const { registry, repository } = this.reference;
    const scheme = this.access.insecureHosts.includes(registry) ? "http" : "https";
    const url = new URL(`${scheme}://${registry}/v2/${repository}/${path}`);
    const { authorization } = this;
    const sent = authorization ? { ...headers, authorization } : headers;
    // The credentials themselves go where a challenge asks for them, below.
    return getUrl(url, sent, { insecureHosts: this.access.insecureHosts }, signal).catch((error: unknown) => {
      if (!(error instanceof PullFailure)) throw error;
      throw this.failure(error.message.replace(/\.$/, ""), error.transient, error.cause);
    });
  }

  /** Public registries hand out a token to anyone, but want it used; private ones to those they know. */
  private async credentials(challenge: string): Promise<string> {
    const known = this.access.authorization?.(this.reference.registry);
    if (/^basic\b/i.test(challenge) && known) return known;
    const part = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1];
    const realm = part("realm");
    if (!/^bearer /i.test(challenge) || !realm || !URL.canParse(realm)) throw this.wantsCredentials(known);
    const url = new URL(realm);
    const service = part("service");
    if (service) url.searchParams.set("service", service);
    url.searchParams.set("scope", part("scope") ?? `repository:${this.reference.repository}:pull`);
    const headers: Record<string, string> = known ? { authorization: known } : {};
    const response = await getUrl(url, headers, { insecureHosts: this.access.insecureHosts });
    if (!response.ok) {
      await response.body?.cancel();
      if (response.status >= 500) throw this.failure(`its token service answered ${response.status}`, true);
      throw this.wantsCredentials(known);
    }
    const answer = (await response.json()) as { token?: string; access_token?: string };
    return `Bearer ${answer.token ?? answer.access_token ?? ""}`;
  }

  private wantsCredentials(known: string | undefined): PullFailure {
    return this.failure(
      known === undefined
        ? "the registry wants credentials; `--registry-auth-file` takes them"
        : "the registry refused the credentials of `--registry-auth-file`",
    );
  }

  private shown(): string {
    const { registry, repository, digest } = this.reference;
    return `oci://${registry}/${repository}@${digest}`;
  }

  private failure(why: string, transient = false, cause?: unknown): PullFailure {
    return new PullFailure(`${this.shown()} cannot be fetched: ${why}.`, transient, { cause });
  }
}
