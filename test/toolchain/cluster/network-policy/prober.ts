import type { KubernetesObject } from "../../../../toolchain/cluster/kubernetes-api";

/** A pod that connects where it is told and accepts connections itself, on port 8080, named `http`. */
export interface Prober {
  readonly namespace: string;
  readonly name: string;
}

/** Answers `/try?host=&port=&ms=` with what a connection there came to, and anything else with `ok`. */
const program = `
const http = require("node:http"), net = require("node:net");
http.createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, "http://pod");
  if (pathname !== "/try") return response.end("ok");
  const socket = net.connect({ host: searchParams.get("host"), port: Number(searchParams.get("port")) });
  const end = (result) => { clearTimeout(timer); socket.destroy(); response.end(result); };
  const timer = setTimeout(end, Number(searchParams.get("ms")), "blocked");
  socket.once("connect", () => end("open")).once("error", (error) => end(error.code));
}).listen(8080);
process.on("SIGTERM", () => process.exit());
`;

export function labelsOf({ name }: Prober): Record<string, string> {
  return { prober: name };
}

/** @param image that has Node at /usr/bin/node */
export function prober(self: Prober, image: string): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...self, labels: labelsOf(self) },
    spec: {
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 1,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: "prober",
          image,
          command: ["/usr/bin/node", "-e", program],
          ports: [{ name: "http", containerPort: 8080 }],
          readinessProbe: { httpGet: { path: "/", port: "http" }, periodSeconds: 1, failureThreshold: 2 },
          livenessProbe: { httpGet: { path: "/", port: "http" }, periodSeconds: 1, failureThreshold: 2 },
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        },
      ],
    },
  };
}
