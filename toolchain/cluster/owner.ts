import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { SlipwayError } from "../errors";
import type { Layout } from "./layout";
import { writeIfChanged } from "./write-file";

const ownerFile = (layout: Layout) => join(layout.run, "owner");

/**
 * The cluster folder of another state folder whose cluster this machine runs, if any: namespace and addresses exist
 * once. A folder that is gone owns nothing any more.
 */
export function otherOwner(layout: Layout): string | undefined {
  try {
    const owner = readFileSync(ownerFile(layout), "utf8").trim();
    return owner !== layout.root && existsSync(owner) ? owner : undefined;
  } catch {
    return undefined;
  }
}

/** Claims the machine's one cluster for this state folder. */
export function claim(layout: Layout): void {
  const other = otherOwner(layout);
  if (other) {
    throw new SlipwayError(
      `An embedded cluster runs already, with its state in ${other}: end it first with ` +
        `\`SLIPWAY_STATE_DIR=${dirname(other)} npx slipway down\`.`,
    );
  }
  mkdirSync(layout.run, { recursive: true, mode: 0o700 });
  writeIfChanged(ownerFile(layout), `${layout.root}\n`, 0o600);
}
