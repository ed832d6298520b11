/** A kubeconfig that asks AWS for a token each time: it holds no credentials of its own. */
export function eksKubeconfig(
  clusterName: string,
  endpoint: string,
  certificateAuthority: string,
  region: string,
): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name: clusterName,
        cluster: { server: endpoint, "certificate-authority-data": certificateAuthority },
      },
    ],
    contexts: [{ name: clusterName, context: { cluster: clusterName, user: clusterName } }],
    "current-context": clusterName,
    users: [
      {
        name: clusterName,
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1beta1",
            command: "aws",
            args: ["--region", region, "eks", "get-token", "--cluster-name", clusterName, "--output", "json"],
            interactiveMode: "Never",
          },
        },
      },
    ],
  });
}
