import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { messageOf } from "../message-of";
import { PullFailure } from "./pull-failure";
import { shownUrl } from "./reference";
import type { Content, Source } from "./resumable-download";

/** Redirects that are followed: from a shop window to a store and its mirror. */
const MOST_REDIRECTS = 5;

/** Milliseconds that a server may stay silent before the headers of its answer. */
const ANSWER_TIMEOUT_MS = 30_000;

export interface WebAccess {
  /** Hosts (`host:port`) that speak plain HTTP. */
  readonly insecureHosts: readonly string[];
  /** The `Authorization` header for a host; undefined where there is none. */
  readonly authorization?: (host: string) => string | undefined;
}

/** Gets an address, redirects included. Plain HTTP only from hosts for which it is allowed, whoever leads there. */
export async function getUrl(
  address: URL,
  headers: Readonly<Record<string, string>>,
  access: WebAccess,
  signal?: AbortSignal,
): Promise<Response> {
  let url = address;
  for (let redirects = 0; ; redirects++) {
    const response = await fetchOnce(url, headers, access, url.host === address.host, signal);
    const location = response.headers.get("location");
    if (response.status < 300 || response.status >= 400 || response.status === 304 || !location)
      return response;
    await response.body?.cancel();
    if (redirects >= MOST_REDIRECTS || !URL.canParse(location, url.href)) {
      throw new PullFailure(`${shownUrl(address)} cannot be fetched: its redirects lead nowhere.`);
    }
    url = new URL(location, url.href);
  }
}

async function fetchOnce(
  url: URL,
  headers: Readonly<Record<string, string>>,
  { insecureHosts, authorization }: WebAccess,
  own: boolean,
  signal: AbortSignal | undefined,
): Promise<Response> {
  if (url.protocol !== "https:" && !(url.protocol === "http:" && insecureHosts.includes(url.host))) {
    throw new PullFailure(
      `${shownUrl(url)} is not fetched over plain HTTP; use https://, or allow \`--insecure-registries ${url.host}\` and rely on the digest.`,
    );
  }
  // Credentials are for the host that was named, not for where it leads.
  const credentials = own ? authorization?.(url.host) : undefined;
  const sent: Record<string, string> = {
    // Compressed on the way, a part of the content could not be asked for.
    "accept-encoding": "identity",
    ...(credentials === undefined ? {} : { authorization: credentials }),
    ...headers,
  };
  if (!own) delete sent.authorization;
  const slow = new AbortController();
  const timer = setTimeout(() => slow.abort(), ANSWER_TIMEOUT_MS);
  try {
    const signals = signal ? [slow.signal, signal] : [slow.signal];
    return await fetch(url, { headers: sent, redirect: "manual", signal: AbortSignal.any(signals) });
  } catch (error) {
    const cause = error instanceof Error && error.cause ? error.cause : error;
    throw unreachable(url, cause);
  } finally {
    clearTimeout(timer);
  }
}

function unreachable(url: URL, cause: unknown): PullFailure {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code ?? "";
  if (/CERT|SIGNED|LEAF_SIGNATURE/.test(code)) {
    const sentence = `${url.host} is not trusted (${messageOf(cause)}); \`NODE_EXTRA_CA_CERTS\` names authorities of one's own.`;
    return new PullFailure(sentence, false, { cause });
  }
  // A server that speaks no TLS, or none that is safe, will not learn it within seconds.
  const transient = !/^(ERR_SSL|ERR_TLS|EPROTO)/.test(code);
  return new PullFailure(`${url.host} cannot be reached (${messageOf(cause)}).`, transient, { cause });
}

/** Content of an answer to a request that asked for it from `offset` on. @throws PullFailure for an answer that gives none */
export async function contentOf(response: Response, offset: number, name: string): Promise<Content> {
  const { status, headers } = response;
  const validator = strongTag(headers.get("etag")) ?? headers.get("last-modified") ?? undefined;
  if (status === 200) return { body: bodyOf(response), offset: 0, size: lengthOf(headers), validator };
  if (status === 206) {
    const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get("content-range") ?? "");
    if (range && Number(range[1]) === offset) {
      return {
        body: bodyOf(response),
        offset,
        size: range[2] === "*" ? undefined : Number(range[2]),
        validator,
      };
    }
  }
  await response.body?.cancel();
  if (status === 416) {
    // Asked for bytes from the end on: the content has just as many, or fewer by now.
    const total = Number(/^bytes \*\/(\d+)$/.exec(headers.get("content-range") ?? "")?.[1] ?? NaN);
    if (total === offset) return { body: Readable.from([]), offset, size: total, validator };
  }
  const transient = status >= 500 || status === 429 || status === 408;
  const hint = status === 401 || status === 403 ? "; `--registry-auth-file` takes credentials" : "";
  throw new PullFailure(`${name} cannot be fetched: the server answered ${status}${hint}.`, transient);
}

/** A file on a web server. */
export function webSource(url: URL, access: WebAccess, sha256?: string): Source {
  const name = shownUrl(url);
  return {
    name,
    sha256,
    async open(offset, validator, signal) {
      const headers: Record<string, string> = {};
      if (offset > 0) headers.range = `bytes=${offset}-`;
      if (offset > 0 && validator !== undefined) headers["if-range"] = validator;
      return contentOf(await getUrl(url, headers, access, signal), offset, name);
    },
  };
}

/** A weak tag says that two contents mean the same, not that they are. */
function strongTag(tag: string | null): string | undefined {
  return tag !== null && tag.startsWith('"') ? tag : undefined;
}

function lengthOf(headers: Headers): number | undefined {
  const text = headers.get("content-length");
  return text !== null && /^\d+$/.test(text) && !headers.has("content-encoding") ? Number(text) : undefined;
}

function bodyOf(response: Response): Readable {
  const body = response.body ? Readable.fromWeb(response.body as ReadableStream) : Readable.from([]);
  // It may break before anybody reads it; whoever then does learns of it.
  return body.on("error", () => undefined);
}
