import { SLOTS, type Slot } from "../../rollout/declaration";
import { UsageError, type OptionSpec } from "../option-table";

/** Options for sending sampled answers to a comparator. */
export interface ShadowOptions {
  readonly shadowUrl?: string;
  readonly shadowSlot?: Slot;
  readonly shadowSamplePercent: number;
  readonly shadowCaFile?: string;
  readonly shadowKeyFile?: string;
}

export const SHADOW_OPTIONS = {
  shadowUrl: {
    type: "text",
    optional: true,
    doc: "address of a comparator (`slipway compare`) that sampled answers are sent to after they were given, e.g. `https://comparator:8000`",
  },
  shadowSlot: {
    type: "choice",
    optional: true,
    values: SLOTS,
    doc: "slot of a rollout that this server is; needed with `--shadow-url`",
  },
  shadowSamplePercent: {
    type: "number",
    default: 10,
    most: 100,
    doc: "share of requests whose answers are sent, in percent; chosen by `x-request-id`, so that both slots send those to the same ones",
  },
  shadowCaFile: {
    type: "path",
    optional: true,
    doc: "PEM certificates of the authorities that the comparator's certificate may come from; left out, those that Node.js trusts",
  },
  shadowKeyFile: {
    type: "path",
    optional: true,
    doc: "file with the API key for the comparator; it and `--shadow-ca-file` are read again after a failure",
  },
} as const satisfies Record<keyof ShadowOptions, OptionSpec>;

/** @throws UsageError where answers could not be sent */
export function checkShadow({ shadowUrl, shadowSlot, shadowKeyFile }: ShadowOptions): void {
  if (shadowUrl === undefined) return;
  if (!isOrigin(shadowUrl)) {
    throw new UsageError(
      `\`--shadow-url\` (${shadowUrl}) must be an address such as \`https://comparator:8000\`, without a path.`,
    );
  }
  if (shadowSlot === undefined) {
    throw new UsageError("`--shadow-url` needs `--shadow-slot`, the slot whose answers these are.");
  }
  if (shadowKeyFile !== undefined && !shadowUrl.startsWith("https:")) {
    throw new UsageError(
      `\`--shadow-key-file\` (${shadowKeyFile}) needs a \`--shadow-url\` (${shadowUrl}) with https://: a key is not sent in the clear.`,
    );
  }
}

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, pathname, search, hash, username } = new URL(text);
  return /^https?:$/.test(protocol) && pathname === "/" && `${search}${hash}${username}` === "";
}
