import { AppsV1Api, CoreV1Api, type KubeConfig } from "@kubernetes/client-node";
import { until } from "../../support/until";

export const RECEIVER_NAMESPACE = "receivers";
const NAME = "receiver";
const PORT = 8080;
const PODS = { namespace: RECEIVER_NAMESPACE, podLabels: { app: NAME }, port: PORT };
const START_MS = 90_000;
const END_MS = 60_000;

/** Says of each call what came, on a line of its own; of what is no text, how much. */
const PROGRAM = `
require("node:http").createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part)).on("end", () => {
    const { method, url: path, headers } = request;
    const content = Buffer.concat(parts);
    const body = /^application\\/json/.test(headers["content-type"]) ? content.toString() : "";
    console.log(JSON.stringify({ method, path, headers, bytes: content.length, body }));
    response.end("{}");
  });
}).listen(${PORT});
process.on("SIGTERM", () => process.exit());
`;

/** A call that the receiver got. */
export interface ReceivedCall {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: number;
  /** As it came; empty of what is not JSON. */
  readonly body: string;
}

/** A program in a namespace of its own of the cluster, to which webhooks are sent. */
export class WebhookReceiver {
  readonly pods = PODS;

  private constructor(private readonly core: CoreV1Api) {}

  /** Runs it with the node of the server's image, which the cluster has already. */
  static async start(config: KubeConfig): Promise<WebhookReceiver> {
    const core = config.makeApiClient(CoreV1Api);
    const { spec } = await config
      .makeApiClient(AppsV1Api)
      .readNamespacedDeployment({ namespace: "slipway", name: "text" });
    const { image } = spec!.template.spec!.containers[0]!;
    const metadata = { name: NAME, labels: PODS.podLabels };
    const selector = PODS.podLabels;
    await core.createNamespace({ body: { metadata: { name: RECEIVER_NAMESPACE } } });
    const receiver = new WebhookReceiver(core);
    await until("the namespace has its account", START_MS, async () =>
      core
        .readNamespacedServiceAccount({ namespace: RECEIVER_NAMESPACE, name: "default" })
        .catch(() => undefined),
    );
    await core.createNamespacedService({
      namespace: RECEIVER_NAMESPACE,
      body: { metadata, spec: { selector, ports: [{ port: PORT }] } },
    });
    const command = ["/usr/bin/node", "-e", PROGRAM];
    await core.createNamespacedPod({
      namespace: RECEIVER_NAMESPACE,
      body: { metadata, spec: { containers: [{ name: NAME, image, command }] } },
    });
    await until("the receiver runs", START_MS, async () => {
      const { status } = await core.readNamespacedPod({ namespace: RECEIVER_NAMESPACE, name: NAME });
      return status?.containerStatuses?.[0]?.ready ? true : undefined;
    });
    return receiver;
  }

  url(path: string): string {
    return `http://${NAME}.${RECEIVER_NAMESPACE}.svc:${PORT}${path}`;
  }

  /** What came to a path. */
  async calls(path: string): Promise<ReceivedCall[]> {
    const log = await this.core.readNamespacedPodLog({ namespace: RECEIVER_NAMESPACE, name: NAME });
    return log
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line) as ReceivedCall)
      .filter((call) => call.path === path);
  }

  async end(): Promise<void> {
    await this.core.deleteNamespace({ name: RECEIVER_NAMESPACE });
    await until("the receiver's namespace is gone", END_MS, async () =>
      this.core.readNamespace({ name: RECEIVER_NAMESPACE }).then(
        () => undefined,
        () => true,
      ),
    );
  }
}
