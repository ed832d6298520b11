import { UsageError } from "../option-table";

/** @throws UsageError where what is to be observed cannot be sent anywhere */
export function checkObservability({ otlpEndpoint, payloadLog }: ObservabilityTargets): void {
  if (otlpEndpoint !== undefined && !isHttpUrl(otlpEndpoint)) {
    throw new UsageError(
      `\`--otlp-endpoint\` (${otlpEndpoint}) must be an address such as \`http://collector:4318\`, without a path to a signal.`,
    );
  }
  if (payloadLog === "otlp" && otlpEndpoint === undefined) {
    throw new UsageError("`--payload-log otlp` needs `--otlp-endpoint`, the receiver to send to.");
  }
}

export interface ObservabilityTargets {
  readonly otlpEndpoint?: string;
  readonly payloadLog?: string;
}

function isHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, search, hash, pathname } = new URL(text);
  return /^https?:$/.test(protocol) && search === "" && hash === "" && !/\/v1\/\w+\/?$/.test(pathname);
}
