import { existsSync } from "node:fs";
import type { Finding } from "../../toolchain/build";
import { fileSystemOf, GB } from "../../toolchain/build/disk-space";
import { chooseLoopbackPorts } from "../../toolchain/cluster/forwards";
import { clusterLayout } from "../../toolchain/cluster/layout";
import { messageOf, SlipwayError } from "../../toolchain/errors";
import { stateDir } from "../../toolchain/paths";

/** Registry, unpacked images and store of a new cluster, measured and rounded up; one that is there only grows a little. */
const NEW_CLUSTER_BYTES = 3 * GB;
const OLD_CLUSTER_BYTES = 0.3 * GB;

const PORT_MEND = "end that program, or run `npx slipway up --gateway-port 9443`";

/** What `up` needs of this machine beside its programs: a port, and room for the cluster's data. */
export async function localFindings(gatewayPort: number): Promise<Finding[]> {
  return [await portFinding(gatewayPort), stateFinding()];
}

async function portFinding(port: number): Promise<Finding> {
  const name = "Gateway port";
  try {
    await chooseLoopbackPorts(clusterLayout(), port);
    return { name, state: "ok", detail: `${port} on localhost` };
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return { name, state: "missing", detail: messageOf(error).replace(/:.*$/s, ""), mend: PORT_MEND };
  }
}

/** @param free bytes; for tests */
export function stateFinding(free = fileSystemOf(stateDir()).freeBytes): Finding {
  const name = "State folder";
  const dir = stateDir();
  const needed = existsSync(clusterLayout().containerd) ? OLD_CLUSTER_BYTES : NEW_CLUSTER_BYTES;
  const detail = `${dir}, ${inGb(free)} free`;
  if (free >= needed) return { name, state: "ok", detail };
  return {
    name,
    state: "missing",
    detail: `the cluster needs ${inGb(needed)} where ${dir} lies, and ${inGb(free)} are free`,
    mend: "free space, or set SLIPWAY_STATE_DIR to a folder on a larger disk",
  };
}

const inGb = (bytes: number): string => `${(bytes / GB).toFixed(1)} GB`;
