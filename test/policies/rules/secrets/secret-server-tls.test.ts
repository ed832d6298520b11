import { secretServerTls } from "../../../../policies/rules/secrets/secret-server-tls";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const of = (type: string) => (spec: unknown) =>
  put("server", `kubernetes:${type}`, { metadata: { name: "server", namespace: "team" }, spec });

const issuer = of("cert-manager.io/v1:Issuer");
const clusterIssuer = of("cert-manager.io/v1:ClusterIssuer");
const store = of("external-secrets.io/v1:SecretStore");
const connection = of("secrets.hashicorp.com/v1beta1:VaultConnection");
const csi = of("secrets-store.csi.x-k8s.io/v1:SecretProviderClass");

const auth = { kubernetes: { role: "team", mountPath: "/v1/auth/kubernetes" } };
const vault = (server: unknown) => ({ vault: { server, path: "pki/sign/team", auth } });

describeRule(secretServerTls, {
  good: {
    "Vault signs": issuer(vault("https://vault.example:8200")),
    ACME: clusterIssuer({
      acme: {
        server: "https://acme-v02.api.letsencrypt.org/directory",
        skipTLSVerify: false,
        solvers: [{ http01: { gatewayHTTPRoute: { parentRefs: [{ name: "gateway" }] } } }],
      },
    }),
    "signs for itself": issuer({ selfSigned: {} }),
    "a store": store({ provider: vault("https://vault.example") }),
    "an agent in the same pod": store({ provider: vault("http://127.0.0.1:8100") }),
    "an audience, which is a name": store({
      provider: {
        vault: {
          server: "https://vault.example",
          auth: { jwt: { kubernetesServiceAccountToken: { audiences: ["http://vault.example"] } } },
        },
      },
    }),
    "a bundle not known yet": issuer({
      vault: { ...vault("https://vault.example").vault, caBundle: UNKNOWN },
    }),
    "a body that names an address": store({
      provider: { webhook: { url: "https://secrets.example", body: "http://example" } },
    }),
    "Vault's operator": connection({ address: "https://vault.example", skipTLSVerify: false }),
    "a volume": csi({ provider: "vault", parameters: { vaultSkipTLSVerify: "false" } }),
  },
  bad: {
    "Vault signs": issuer(vault("http://vault.example:8200")),
    "Vault in the cluster": clusterIssuer(vault("http://vault.vault.svc:8200")),
    "any certificate of an ACME server": clusterIssuer({
      acme: { server: "https://acme.example/directory", skipTLSVerify: true },
    }),
    Venafi: issuer({ venafi: { zone: "team", tpp: { url: "HTTP://tpp.example/vedsdk" } } }),
    "a step authority": of("certmanager.step.sm/v1beta1:StepIssuer")({ url: "http://ca.example" }),
    "a store": store({ provider: vault("http://vault.example") }),
    "a store of 1Password": store({ provider: { onepassword: { connectHost: "http://connect.example" } } }),
    "Vault's operator": connection({ address: "http://vault.example" }),
    "no verification": connection({ address: "https://vault.example", skipTLSVerify: true }),
    "a volume": csi({ provider: "vault", parameters: { vaultAddress: "http://vault.example" } }),
    "a volume, unverified": csi({ provider: "vault", parameters: { vaultSkipTLSVerify: "true" } }),
  },
  partial: {
    "plain, with authorities": issuer({
      vault: { ...vault("http://vault.example").vault, caBundleSecretRef: { name: "ca", key: "ca.crt" } },
    }),
    "plain, after an address not known": store({
      provider: { webhook: { url: UNKNOWN, result: { url: "http://secrets.example" } } },
    }),
  },
  wrongType: { "a number for a switch": connection({ address: "https://vault.example", skipTLSVerify: 1 }) },
  notJudged: { "a list of addresses": issuer({ vault: 7 }) },
  unknown: {
    spec: issuer(UNKNOWN),
    vault: issuer({ vault: UNKNOWN }),
    provider: store({ provider: UNKNOWN }),
    address: store({ provider: vault(UNKNOWN) }),
    verification: connection({ address: "https://vault.example", skipTLSVerify: UNKNOWN }),
  },
});
