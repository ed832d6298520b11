import { SlipwayError } from "../errors";

/** Turns what a failed `go build` printed into one sentence. */
export function explainGoFailure(title: string, stderr: string): SlipwayError {
  const lines = stderr.split("\n").map((line) => line.trim());
  const download = lines.map(failedDownload).find((found) => found !== undefined);
  if (download) {
    return new SlipwayError(
      `${capitalised(title)} cannot be built, because the Go module ${download.module} could not be downloaded (${download.reason}): ` +
        "check the network, or set GOPROXY to a module proxy that can be reached.",
    );
  }
  if (lines.some((line) => line.includes("GOPROXY=off"))) {
    return new SlipwayError(
      `${capitalised(title)} cannot be built, because GOPROXY is "off" and Go modules are missing: unset GOPROXY, or set it to a module proxy.`,
    );
  }
  if (lines.some((line) => /no space left on device/.test(line))) {
    return new SlipwayError(
      `${capitalised(title)} cannot be built, because the disk is full: free space, ` +
        "or set SLIPWAY_CACHE_DIR, GOCACHE and GOMODCACHE to folders on a larger disk.",
    );
  }
  if (lines.some((line) => /signal: killed|cannot allocate memory/.test(line))) {
    return new SlipwayError(
      `${capitalised(title)} cannot be built, because memory ran out: free 4 GB of memory, or set GOMAXPROCS=1 to build one package at a time.`,
    );
  }
  const message = lines.filter((line) => line !== "" && !line.startsWith("go: downloading")).slice(-5);
  return new SlipwayError(
    `${capitalised(title)} cannot be built, because \`go build\` failed: ${message.join(" | ") || "it said nothing"}: try again after \`go clean -cache\`, and report it if it stays.`,
  );
}

/** Go names a module as `path@version` and says why after the address; a checksum that differs reads the same way. */
function failedDownload(line: string): { module: string; reason: string } | undefined {
  const module = /(\S+\.\S+\/?\S*@v[^\s:,]+)/.exec(line)?.[1];
  if (!module || /^go: downloading/.test(line)) return undefined;
  const network =
    /(dial tcp|lookup|timeout|proxyconnect|connection refused|TLS|x509|EOF|\b[45]\d\d\b|no such host|checksum mismatch|module lookup disabled).*$/.exec(
      line,
    );
  return network ? { module: module.replace(/^.*!/, ""), reason: network[0] } : undefined;
}

/** A title at the start of a sentence. */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
