import { createReadStream, readFileSync, statSync } from "node:fs";
import * as http from "node:http";
import * as https from "node:https";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { SlipwayError } from "../errors";
import { MANIFEST_TYPE, type BuiltImage, type Descriptor } from "./image-spec";
import { repositoryUrl } from "./registry-address";

/** The longest that a registry may stay silent, in milliseconds. */
const REGISTRY_TIMEOUT_MS = 60_000;

interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** A blob to upload: bytes in memory, or a file. */
export interface Blob {
  readonly digest: string;
  readonly size: number;
  readonly open: () => Readable;
}

/**
 * Pushes an image to a registry, skipping blobs that are there already.
 * @param registry e.g. `10.213.77.2:5000` (without TLS, see `speaksPlainHttp`) or `registry.example.com/team`
 * @param repository @default the image's name
 * @returns the reference with digest that pods use
 */
export async function pushImage(
  image: BuiltImage,
  registry: string,
  repository = image.name,
): Promise<string> {
  const blobPath = (digest: string) => join(image.dir, "blobs", "sha256", digest.slice("sha256:".length));
  const manifest = readFileSync(blobPath(image.digest));
  const { config, layers } = JSON.parse(manifest.toString()) as { config: Descriptor; layers: Descriptor[] };
  for (const { digest } of [config, ...layers]) {
    const path = blobPath(digest);
    await pushBlob(registry, repository, {
      digest,
      size: statSync(path).size,
      open: () => createReadStream(path),
    });
  }
  return pushManifest(registry, repository, manifest, image.digest);
}

/** Uploads one blob unless the repository has it. */
export async function pushBlob(registry: string, repository: string, blob: Blob): Promise<void> {
  const base = `${repositoryUrl(registry, repository)}/blobs`;
  const known = await call("HEAD", `${base}/${blob.digest}`);
  if (known.status === 200) return;
  if (known.status === 401) throw wantsLogin(registry);
  const started = await call("POST", `${base}/uploads/`, { "content-length": "0" });
  if (started.status === 401) throw wantsLogin(registry);
  if (started.status !== 202 || !started.headers.location) throw refused(registry, repository, started);
  const location = new URL(started.headers.location, base);
  location.searchParams.set("digest", blob.digest);
  const headers = { "content-length": String(blob.size), "content-type": "application/octet-stream" };
  const stored = await call("PUT", location.href, headers, blob.open());
  if (stored.status !== 201) throw refused(registry, repository, stored);
}

/**
 * Uploads a manifest under its digest.
 * @param mediaType @default the OCI image manifest's
 */
export async function pushManifest(
  registry: string,
  repository: string,
  manifest: Buffer,
  digest: string,
  mediaType = MANIFEST_TYPE,
): Promise<string> {
  const url = `${repositoryUrl(registry, repository)}/manifests/${digest}`;
  const headers = { "content-length": String(manifest.length), "content-type": mediaType };
  const stored = await call("PUT", url, headers, Readable.from([manifest]));
  if (stored.status !== 201) throw refused(registry, repository, stored);
  return `${registry}/${repository}@${digest}`;
}

function wantsLogin(registry: string): SlipwayError {
  return new SlipwayError(
    `The registry ${registry} wants a login, and only one that takes uploads without is supported: name another.`,
  );
}

function refused(registry: string, repository: string, answer: Answer): SlipwayError {
  const text = answer.body.trim().slice(0, 300);
  return new SlipwayError(
    `The registry ${registry} refused an upload to "${repository}" with status ${answer.status}${text ? `: ${text}` : ""}.`,
  );
}

async function call(
  method: string,
  url: string,
  headers: Record<string, string> = {},
  body?: Readable,
): Promise<Answer> {
  try {
    return await exchange(method, url, headers, body);
  } catch (error) {
    body?.destroy();
    throw new SlipwayError(
      `The registry ${new URL(url).host} did not answer: ${(error as Error).message}.`,
      1,
      {
        cause: error,
      },
    );
  }
}

function exchange(
  method: string,
  url: string,
  headers: Record<string, string>,
  body: Readable | undefined,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const client = url.startsWith("https:") ? https : http;
    const outgoing = client.request(url, { method, headers, timeout: REGISTRY_TIMEOUT_MS }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const { statusCode: status = 0, headers: received } = response;
        resolve({ status, headers: received, body: Buffer.concat(chunks).toString() });
      });
    });
    outgoing.on("timeout", () => outgoing.destroy(new Error(`silent for ${REGISTRY_TIMEOUT_MS} ms`)));
    outgoing.on("error", reject);
    if (body) pipeline(body, outgoing).catch(reject);
    else outgoing.end();
  });
}
