import type * as pulumi from "@pulumi/pulumi";
import type { PodTarget } from "./alertmanager-settings";

/** Credentials of AWS for a receiver of samples (Signature Version 4). */
export interface SigV4 {
  /** Region of the receiver, as in "eu-central-1". */
  readonly region: string;
  /**
   * ARN of a role to act as.
   * @default none
   */
  readonly roleArn?: string;
  /**
   * Access key, with `secretKey`; kept as a secret.
   * @default what EKS gives the pods of Prometheus' service account
   */
  readonly accessKey?: pulumi.Input<string>;
  /**
   * Secret key, with `accessKey`; kept as a secret.
   * @default none
   */
  readonly secretKey?: pulumi.Input<string>;
}

/** How a receiver of samples proves itself, and how Prometheus proves itself to it. */
export interface RemoteWriteTls {
  /**
   * The receiver's authorities, PEM.
   * @default those that the image trusts
   */
  readonly caCertificates?: pulumi.Input<string>;
  /**
   * Client certificate, PEM, with `clientKey`.
   * @default none
   */
  readonly clientCertificate?: pulumi.Input<string>;
  /**
   * Key of the client certificate, PEM; kept as a secret.
   * @default none
   */
  readonly clientKey?: pulumi.Input<string>;
  /**
   * Name that the receiver's certificate must have.
   * @default the host of `url`
   */
  readonly serverName?: string;
}

/** A receiver of all samples, such as Mimir, Thanos or Amazon Managed Prometheus; at most one of `basic`, `bearerToken`, `sigv4`. */
export interface RemoteWrite {
  /** Its address, `https` unless `insecure` says otherwise; it is shown, so it must hold no secret. */
  readonly url: string;
  /**
   * Its name in Prometheus' own metrics.
   * @default chosen by Prometheus
   */
  readonly name?: string;
  /**
   * User name and password; kept as secrets.
   * @default none
   */
  readonly basic?: { readonly username: pulumi.Input<string>; readonly password: pulumi.Input<string> };
  /**
   * Sent as `Authorization: Bearer …`; kept as a secret.
   * @default none
   */
  readonly bearerToken?: pulumi.Input<string>;
  /**
   * Credentials of AWS.
   * @default none
   */
  readonly sigv4?: SigV4;
  /**
   * Certificates.
   * @default {}
   */
  readonly tls?: RemoteWriteTls;
  /**
   * Further headers, none of them a secret, as in `{ "X-Scope-OrgID": "models" }`.
   * @default {}
   */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Where it runs in this cluster: Prometheus may then connect to these pods.
   * @default none: it is outside the cluster
   */
  readonly pods?: PodTarget;
  /**
   * Whether the address may be `http`, as within a cluster.
   * @default false
   */
  readonly insecure?: boolean;
}
