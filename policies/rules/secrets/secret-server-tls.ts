import { ofKind, typesOfKinds } from "../../model/by-kind";
import type { Field } from "../../model/field";
import { eachRule } from "../../model/input-rule";
import { isPlainUrl } from "../../model/plain-urls";
import { asText } from "../../model/scalars";
import type { Subject } from "../../model/subject";

/** Switches by which clients of such servers take any certificate. */
const UNVERIFIED =
  /^(?:skip_?tls_?verify|tls_?skip_?verify|insecure_?skip_?(?:tls_?)?verify|vaultskiptlsverify)$/i;

/** Keys that hold what is sent or stored, or for whom a token is, not where to. */
const CONTENT =
  /^(?:data|metadata|template|body|headers|labels|annotations|objects|matchLabels|solvers|aud|audiences?)$/;

/** Keys whose value says where a server is. */
const ADDRESS = /(?:address|addr|endpoint|host|server|url|uri)$/i;

const keyOf = (field: Field): string => field.path.slice(field.path.lastIndexOf(".") + 1);

/** Every single value below, without what is content; of those that are not known yet the ones on which it depends. */
function leaves(field: Field): Field[] {
  if (field.isUnknown) return ADDRESS.test(keyOf(field)) || UNVERIFIED.test(keyOf(field)) ? [field] : [];
  const below = field.all(["*"]);
  if (below.length === 0) return [field];
  return below.filter((child) => !CONTENT.test(keyOf(child))).flatMap(leaves);
}

/** Where each kind says whom it asks. */
const SERVERS: Readonly<Record<string, readonly string[]>> = {
  "cert-manager.io/Issuer": ["vault", "acme", "venafi"],
  "cert-manager.io/ClusterIssuer": ["vault", "acme", "venafi"],
  "certmanager.step.sm/StepIssuer": ["url"],
  "certmanager.step.sm/StepClusterIssuer": ["url"],
  "external-secrets.io/SecretStore": ["provider"],
  "external-secrets.io/ClusterSecretStore": ["provider"],
  "secrets.hashicorp.com/VaultConnection": ["address", "skipTLSVerify"],
  "secrets-store.csi.x-k8s.io/SecretProviderClass": ["parameters"],
};

function serversOf(fields: Field, { type }: Subject): Field[] {
  const spec = fields.get("spec");
  // A spec that is not known is said to be so.
  return spec.exists() ? (ofKind(SERVERS, type) ?? []).map((key) => spec.get(key)) : [];
}

export const secretServerTls = eachRule<Field>(
  {
    id: "secret-server-tls",
    title: "Servers of secrets and certificates are asked over TLS",
    severity: "high",
    description:
      "What logs in to Vault or another server of secrets, and what it answers, can be read and changed on the way where the address is plain http or no certificate is verified. A server in the same pod is let be.",
    remediation:
      'vault: { server: "https://vault.example:8200", path, caBundleSecretRef: { name, key: "ca.crt" }, auth }',
    types: typesOfKinds(SERVERS),
    controls: [],
  },
  serversOf,
  (server) => {
    if (!server.exists()) return undefined;
    const all = leaves(server);
    // What is known to be wrong is so whatever the rest will be.
    for (const leaf of [...all.filter((one) => !one.isUnknown), ...all.filter((one) => one.isUnknown)]) {
      const text = asText(leaf);
      if (isPlainUrl(text)) return `must use https in \`${leaf.path}\`, not ${leaf.show()}.`;
      if (UNVERIFIED.test(keyOf(leaf)) && !/^(?:false|0|)$/i.test(text))
        return `must not set \`${leaf.path}\`.`;
    }
    return undefined;
  },
);
