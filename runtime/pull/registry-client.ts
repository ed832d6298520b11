import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { messageOf } from "../message-of";
import { PullFailure } from "./pull-failure";
import type { OciReference } from "./reference";

const MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";

/** Bytes; a manifest lists files, it is no place for data. */
const LARGEST_MANIFEST = 4 * 1024 * 1024;

/** Milliseconds that a registry may stay silent before the headers of its answer. */
const ANSWER_TIMEOUT_MS = 30_000;

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
  private token: string | undefined;

  constructor(
    private readonly reference: OciReference,
    /** Plain HTTP instead of HTTPS. */
    private readonly insecure: boolean,
  ) {}

  async manifest(): Promise<Manifest> {
    const { digest } = this.reference;
    const response = await this.get(`manifests/${digest}`, { accept: MANIFEST_TYPE });
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of bodyOf(response)) {
      chunks.push(chunk as Buffer);
      if ((size += (chunk as Buffer).length) > LARGEST_MANIFEST)
        throw this.failure("its manifest is larger than 4 MiB");
    }
    const bytes = Buffer.concat(chunks);
    const actual = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
    if (actual !== digest) throw this.failure(`its manifest has the digest ${actual}`);
    return this.checkManifest(JSON.parse(bytes.toString("utf8")) as Partial<Manifest>);
  }

  /** Downloads a layer to a file; the file is worthless when this rejects. */
  async download(layer: Layer, file: string): Promise<void> {
    const response = await this.get(`blobs/${layer.digest}`, {});
    const hash = createHash("sha256");
    let size = 0;
    const check = new Transform({
      transform: (chunk: Buffer, _encoding, callback) => {
        size += chunk.length;
        hash.update(chunk);
        callback(
          size > layer.size
            ? this.failure(`${layer.digest} is larger than the ${layer.size} bytes it should be`)
            : null,
          chunk,
        );
      },
    });
    await pipeline(bodyOf(response), check, createWriteStream(file, { mode: 0o644 }));
    const actual = `sha256:${hash.digest("hex")}`;
    if (actual !== layer.digest) throw this.failure(`${layer.digest} arrived with the digest ${actual}`);
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

  private async get(path: string, headers: Record<string, string>): Promise<Response> {
    let response = await this.fetch(path, headers);
    if (response.status === 401) {
      await response.body?.cancel();
      this.token = await this.anonymousToken(response.headers.get("www-authenticate") ?? "");
      response = await this.fetch(path, headers);
    }
    if (response.ok) return response;
    await response.body?.cancel();
    const transient = response.status >= 500 || response.status === 429;
    throw this.failure(`the registry answered ${response.status} for ${path}`, transient);
  }

  private async fetch(path: string, headers: Record<string, string>): Promise<Response> {
    const { registry, repository } = this.reference;
    const url = `${this.insecure ? "http" : "https"}://${registry}/v2/${repository}/${path}`;
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), ANSWER_TIMEOUT_MS);
    try {
      return await fetch(url, {
        headers: this.token ? { ...headers, authorization: `Bearer ${this.token}` } : headers,
        signal: abort.signal,
      });
    } catch (error) {
      const cause = error instanceof Error && error.cause ? error.cause : error;
      throw this.failure(`${registry} cannot be reached (${messageOf(cause)})`, true, cause);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Public registries hand out a token to anyone, but want it used. */
  private async anonymousToken(challenge: string): Promise<string> {
    const part = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1];
    const realm = part("realm");
    if (!/^bearer /i.test(challenge) || !realm) throw this.failure("the registry wants credentials");
    const url = new URL(realm);
    const service = part("service");
    if (service) url.searchParams.set("service", service);
    url.searchParams.set("scope", part("scope") ?? `repository:${this.reference.repository}:pull`);
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    if (!response.ok) throw this.failure("the registry wants credentials");
    const answer = (await response.json()) as { token?: string; access_token?: string };
    return answer.token ?? answer.access_token ?? "";
  }

  private failure(why: string, transient = false, cause?: unknown): PullFailure {
    const { registry, repository, digest } = this.reference;
    return new PullFailure(
      `oci://${registry}/${repository}@${digest} cannot be fetched: ${why}.`,
      transient,
      { cause },
    );
  }
}

function bodyOf(response: Response): Readable {
  return response.body ? Readable.fromWeb(response.body as ReadableStream) : Readable.from([]);
}
