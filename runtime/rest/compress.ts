import { constants, deflate, gzip, type ZlibOptions } from "node:zlib";

export type AnswerEncoding = "gzip" | "deflate";

/** Bytes of an answer that fits one packet anyway. */
const LEAST_WORTHWHILE = 1400;

/** Tensors hardly shrink further at higher levels, which cost several times as much. */
const OPTIONS: ZlibOptions = { level: constants.Z_BEST_SPEED };

/** The encoding that a client prefers of those there are; undefined for none. @param header of `Accept-Encoding` */
export function acceptedEncoding(header: string, length: number): AnswerEncoding | undefined {
  if (length < LEAST_WORTHWHILE) return undefined;
  let best: AnswerEncoding | undefined;
  let bestQuality = 0;
  let identity = 0;
  let any: number | undefined;
  const named = new Set<string>();
  for (const part of header.split(",")) {
    const [coding = "", ...parameters] = part.split(";").map((text) => text.trim().toLowerCase());
    const quality = qualityOf(parameters);
    named.add(coding);
    if (coding === "identity") identity = quality;
    else if (coding === "*") any = quality;
    else if (coding === "gzip" || coding === "x-gzip" || coding === "deflate") {
      const encoding = coding === "deflate" ? "deflate" : "gzip";
      if (quality > bestQuality || (quality === bestQuality && quality > 0 && encoding === "gzip")) {
        best = encoding;
        bestQuality = quality;
      }
    }
  }
  if (best === undefined && any !== undefined && any > 0 && !named.has("gzip")) {
    best = "gzip";
    bestQuality = any;
  }
  // Plain is as good where the client ranks it higher.
  return identity > bestQuality ? undefined : best;
}

/** A quality from 0 to 1; 1 where it is left out, 0 where it is ill-formed. */
function qualityOf(parameters: readonly string[]): number {
  const given = parameters.find((text) => text.startsWith("q="));
  if (given === undefined) return 1;
  return /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(given.slice(2)) ? Number(given.slice(2)) : 0;
}

/** Compresses in a thread of Node's pool. */
export function compress(body: Buffer, encoding: AnswerEncoding): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const run = encoding === "gzip" ? gzip : deflate;
    run(body, OPTIONS, (error, compressed) => (error ? reject(error) : resolve(compressed)));
  });
}
