import { homedir } from "node:os";
import { join } from "node:path";

/** Where kubectl would look. */
export function kubeconfigPath(): string {
  return process.env.KUBECONFIG?.split(":").find(Boolean) ?? join(homedir(), ".kube", "config");
}
