import { userInfo } from "node:os";

/**
 * Who runs this, as the system knows them. In containers with a user id of their own (OpenShift, agents of Jenkins) the
 * system knows no name: then what the environment says, else the id.
 */
export function userName(
  env: NodeJS.ProcessEnv = process.env,
  systemName = () => userInfo().username,
): string {
  try {
    return systemName();
  } catch {
    return env.USER || env.LOGNAME || `uid-${process.getuid?.() ?? "unknown"}`;
  }
}
