import * as pulumi from "@pulumi/pulumi";
import type { RemoteWrite } from "../observability/monitoring-remote-write";
import { portOf } from "./alertmanager-receivers";

/** Fields of a receiver that are kept in a Secret, by where they were given. */
function secretFields({ basic, bearerToken, sigv4, tls }: RemoteWrite) {
  return {
    "basic.username": basic?.username,
    "basic.password": basic?.password,
    bearerToken,
    "sigv4.accessKey": sigv4?.accessKey,
    "sigv4.secretKey": sigv4?.secretKey,
    "tls.caCertificates": tls?.caCertificates,
    "tls.clientCertificate": tls?.clientCertificate,
    "tls.clientKey": tls?.clientKey,
  };
}

/** Data of the Secret that Prometheus reads its receivers' secrets from; undefined where there is none. */
export function remoteWriteData(
  receivers: readonly RemoteWrite[],
): pulumi.Output<Record<string, string>> | undefined {
  const entries = receivers.flatMap((receiver, i) =>
    Object.entries(secretFields(receiver)).flatMap(([field, value]) =>
      value === undefined ? [] : [[`${i}.${field}`, value] as const],
    ),
  );
  if (entries.length === 0) return undefined;
  return pulumi.secret(
    pulumi
      .all(entries.map(([, value]) => value))
      .apply((values) =>
        Object.fromEntries(
          entries.map(([key], i) => [key, Buffer.from(values[i]!, "utf8").toString("base64")]),
        ),
      ),
  );
}

/** `remoteWrite` of a Prometheus; what is secret is named, and nothing of it is there. */
export function remoteWriteSpec(
  receivers: readonly RemoteWrite[],
  secretName: pulumi.Input<string> | undefined,
): object[] {
  return receivers.map(({ url, name, headers, basic, bearerToken, sigv4, tls }, i) => {
    const ref = (field: string) => ({ name: secretName, key: `${i}.${field}` });
    return {
      url,
      ...(name === undefined ? {} : { name }),
      ...(headers === undefined ? {} : { headers: { ...headers } }),
      ...(basic && { basicAuth: { username: ref("basic.username"), password: ref("basic.password") } }),
      ...(bearerToken === undefined
        ? {}
        : { authorization: { type: "Bearer", credentials: ref("bearerToken") } }),
      ...(sigv4 && {
        sigv4: {
          region: sigv4.region,
          ...(sigv4.roleArn === undefined ? {} : { roleArn: sigv4.roleArn }),
          ...(sigv4.accessKey === undefined
            ? {}
            : { accessKey: ref("sigv4.accessKey"), secretKey: ref("sigv4.secretKey") }),
        },
      }),
      ...(tls && {
        tlsConfig: {
          ...(tls.serverName === undefined ? {} : { serverName: tls.serverName }),
          ...(tls.caCertificates === undefined ? {} : { ca: { secret: ref("tls.caCertificates") } }),
          ...(tls.clientCertificate === undefined
            ? {}
            : { cert: { secret: ref("tls.clientCertificate") }, keySecret: ref("tls.clientKey") }),
        },
      }),
    };
  });
}

/** Where samples go: ports outside the cluster, and pods inside it. */
export function remoteWriteFlows(receivers: readonly RemoteWrite[]) {
  return {
    ports: receivers.flatMap(({ url, pods }) => (pods ? [] : [portOf(url)])),
    pods: receivers.flatMap(({ pods }) => pods ?? []),
    /** Whether credentials come from the node's agent of EKS. */
    podIdentity: receivers.some(({ sigv4 }) => sigv4 !== undefined && sigv4.accessKey === undefined),
  };
}
