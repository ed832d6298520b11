import type { Credential } from "./certificates";
import { API_URL } from "./settings";

const base64 = (text: string) => Buffer.from(text).toString("base64");

/** A kubeconfig that stands on its own: certificates and key are in it. JSON, which every YAML reader takes. */
export function kubeconfigFor(ca: Credential, user: Credential, userName: string): string {
  const name = "slipway";
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    clusters: [{ name, cluster: { server: API_URL, "certificate-authority-data": base64(ca.cert) } }],
    contexts: [{ name, context: { cluster: name, user: userName } }],
    users: [
      {
        name: userName,
        user: { "client-certificate-data": base64(user.cert), "client-key-data": base64(user.key) },
      },
    ],
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
