import type { Finding } from "../../toolchain/build";
import { messageOf, SlipwayError } from "../../toolchain/errors";
import { kubeconfigPath } from "../kubeconfig";
import { loadContext, REQUIRED_CRDS } from "./existing-cluster";

/** What `up` needs for the cluster that KUBECONFIG names. Nobody asks that cluster: looking must not take long. */
export function existingClusterFinding(): Finding {
  const name = "Existing cluster";
  const path = kubeconfigPath();
  try {
    const context = loadContext(path).getCurrentContext();
    const platform = Object.values(REQUIRED_CRDS).join(", ");
    return {
      name,
      state: "ok",
      detail: `context ${context} of ${path} (KUBECONFIG); \`up\` needs \`--registry\` and \`--host\` for it, and there ${platform}`,
    };
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    const [detail = "", mend] = messageOf(error).split("; ");
    return { name, state: "missing", detail, ...(mend === undefined ? {} : { mend }) };
  }
}
