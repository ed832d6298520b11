import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { AuditReport } from "../../audit/report";
import { version } from "../../policies/package.json";
import { projectRoot } from "../../toolchain/paths";

/** Which pack judged: name, version, and the digest of everything that it is made of. */
export function packIdentity(): AuditReport["pack"] {
  const folder = join(projectRoot, "policies");
  const hash = createHash("sha256");
  for (const file of filesUnder(folder)) {
    const digest = createHash("sha256").update(readFileSync(file)).digest("hex");
    hash.update(`${digest}  ${relative(folder, file).split(sep).join("/")}\n`);
  }
  return { name: "slipway", version, sha256: hash.digest("hex") };
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:ts|js|json|yaml)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
