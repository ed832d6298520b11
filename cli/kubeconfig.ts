import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** Where kubectl would look; absolute, because it is noted for commands that run in other folders. */
export function kubeconfigPath(env: NodeJS.ProcessEnv = process.env): string {
  return resolve(env.KUBECONFIG?.split(":").find(Boolean) ?? join(homedir(), ".kube", "config"));
}
