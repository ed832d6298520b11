import { request } from "node:http";
import { Duplex, PassThrough } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "node:tls";
import { KubeConfig, PortForward } from "@kubernetes/client-node";
import { HTTP_PORT } from "../../runtime/contract";
import { messageOf, SlipwayError } from "../../toolchain/errors";
import type { Target } from "../../toolchain/plugins/kubernetes/client/kubeconfig";

/** For the whole answer, forwarding included. */
const TIMEOUT_MS = 15_000;

/** A pod of a service. */
export interface ServerPod {
  readonly namespace: string;
  readonly name: string;
  /** Name of its service, which its certificate is good for. */
  readonly service: string;
}

export interface PodAnswer {
  readonly status: number;
  readonly text: string;
}

/**
 * Calls single pods, as `kubectl port-forward` does: the kubelet opens the connection inside the pod, so that no network policy needs a
 * hole, and the server's certificate is verified all the same.
 */
export class PodDoor {
  private readonly config = new KubeConfig();

  /** @param ca PEM of the stack's certificate authority */
  constructor(
    target: Target,
    private readonly ca: string,
  ) {
    this.config.loadFromString(JSON.stringify(target.config), {});
    this.config.setCurrentContext(target.context);
  }

  /** @throws SlipwayError naming the pod where it does not answer */
  async call(pod: ServerPod, method: "GET" | "POST", path: string): Promise<PodAnswer> {
    const end = new AbortController();
    try {
      return await Promise.race([
        this.forwarded(pod, end.signal, (tunnel) => this.ask(tunnel, pod, method, path)),
        sleep(TIMEOUT_MS, undefined, { signal: end.signal }).then(() => {
          throw new Error(`no answer within ${TIMEOUT_MS / 1000} s`);
        }),
      ]);
    } catch (error) {
      throw new SlipwayError(
        `the pod ${pod.name} cannot be asked: ${sentenceOf(error)}; it takes \`create\` on \`pods/portforward\` in the namespace ${pod.namespace}`,
        1,
        { cause: error },
      );
    } finally {
      end.abort();
    }
  }

  /** Opens a connection inside the pod; all of it ends with the signal, or nothing would let this process end. */
  private async forwarded<T>(
    pod: ServerPod,
    end: AbortSignal,
    use: (tunnel: Duplex) => Promise<T>,
  ): Promise<T> {
    const [fromPod, toPod, complaints] = [new PassThrough(), new PassThrough(), new PassThrough()];
    const refused = new Promise<never>((_, reject) =>
      complaints.once("data", (chunk: Buffer) => reject(new Error(chunk.toString("utf8").trim()))),
    );
    refused.catch(() => undefined);
    const { namespace, name } = pod;
    const forward = new PortForward(this.config);
    const opened = await forward.portForward(namespace, name, [HTTP_PORT], fromPod, complaints, toPod);
    const tunnel = Duplex.from({ readable: fromPod, writable: toPod }).on("error", () => undefined);
    const close = () => {
      tunnel.destroy();
      // Without the handshake of a close, which waits for the other side.
      if (typeof opened !== "function") opened?.terminate();
    };
    if (end.aborted) close();
    end.addEventListener("abort", close);
    return Promise.race([use(tunnel), refused]);
  }

  private ask(tunnel: Duplex, pod: ServerPod, method: string, path: string): Promise<PodAnswer> {
    const servername = `${pod.service}.${pod.namespace}.svc`;
    return new Promise((resolve, reject) => {
      const secured = connect({ socket: tunnel, servername, ca: this.ca });
      // Also what comes after the answer, when all of it is torn down.
      secured.on("error", reject);
      const headers = { host: servername, connection: "close" };
      const outgoing = request({ createConnection: () => secured, method, path, headers }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
        response.on("error", reject);
        response.on("end", () => {
          resolve({ status: response.statusCode ?? 0, text });
          secured.destroy();
        });
      });
      outgoing.on("error", reject);
      outgoing.end();
    });
  }
}

/** What the client of WebSockets rejects with is an event rather than an error. */
function sentenceOf(error: unknown): string {
  const { message } = error as { message?: unknown };
  return (typeof message === "string" ? message : messageOf(error)).replace(/\.$/, "");
}
