import { helmLiteralCredentials } from "../../../../policies/rules/secrets/helm-literal-credentials";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const values = (given: unknown) =>
  put("release", "kubernetes:helm.sh/v3:Release", { chart: "tool", version: "1.0.0", values: given });

describeRule(helmLiteralCredentials, {
  good: {
    "of a Secret": values({ admin: { existingSecret: "grafana-2", passwordKey: "admin-password" } }),
    "names of a Secret's keys": values({ auth: { secretKeys: { adminPassword: "admin-key-1" } } }),
    "a reference": values({ env: [{ valueFrom: { secretKeyRef: { name: "db", key: "password" } } }] }),
    "not known yet, or a secret": values({ auth: { rootPassword: UNKNOWN } }),
    empty: values({ adminPassword: "", auth: { token: null } }),
    "put in later": values({ auth: { password: "${DB_PASSWORD}", token: "{{ .Values.token }}" } }),
    "a reference of LiteLLM": values({ models: [{ api_key: "os.environ/OPENAI_API_KEY" }] }),
    "names with digits": values({ objects: [{ data: [{ secretKey: "s3_access_key" }] }] }),
    sealed: values({
      objects: [{ spec: { encryptedData: { password: "AgBy3i4OJSWK+PiTySYZZA9rO43cGDEq" } } }],
    }),
    "a hash": values({ registry: { htpasswd: "ci:$2y$05$abcdefghijklmnopqrstuv" } }),
    "a file": values({ auth: { passwordFile: "/run/secrets/db", password: "/run/secrets/db" } }),
    "a count and a marker": values({
      model: { max_token: "4096", eos_token: "EOS", secretKey: "db-password" },
    }),
    "a switch": values({ serviceAccount: { automountServiceAccountToken: true }, usePassword: "true" }),
  },
  bad: {
    Grafana: values({ adminPassword: "Gr4phs-of-2031" }),
    "a part": values({ postgresql: { auth: { postgresPassword: "tulips in may".replaceAll(" ", "-") } } }),
    "a key": values({ s3: { secretKey: "b7f3a9c1d2e4" } }),
    "a login of OIDC": values({ oidc: { clientSecret: "b7f3a9c1d2e4f5" } }),
    "in a list": values({ users: [{ name: "app", password: "tulips9" }] }),
    "in a URL": values({ config: { url: "postgres://app:tulips9@db.example/app" } }),
    "a private key": values({ tls: { crt: "x", pem: "-----BEGIN RSA PRIVATE KEY-----" } }),
  },
  partial: {
    "one of two": values({ auth: { existingSecret: "redis", password: "tulips9" } }),
    "the other not known": values({ auth: { rootPassword: UNKNOWN, password: "tulips9" } }),
  },
  notJudged: { text: values("adminPassword: tulips9"), number: values({ adminPassword: 7 }) },
  unknown: { values: values(UNKNOWN) },
});
