import { connect } from "node:net";
import { SlipwayError } from "../../toolchain/errors";
import { requireSession } from "../local-session";

const CONNECT_TIMEOUT_MS = 2_000;

/** Whether something accepts connections there. */
export function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: CONNECT_TIMEOUT_MS });
    const end = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
    socket.once("timeout", () => end(false));
  });
}

/** Throws one sentence where the stack that was brought up does not answer any more. */
export async function assertRunning(): Promise<void> {
  const { endpoint } = requireSession();
  const { hostname, port } = new URL(endpoint);
  if (!(await accepts(hostname, Number(port || 443)))) {
    throw new SlipwayError(
      `the local stack is not running: ${endpoint} does not answer; \`npm run up\` starts it again`,
    );
  }
}
