import { leniencyOf } from "../../model/client-validation";
import type { Field } from "../../model/field";
import { ofKind, typesOfKinds } from "../../model/by-kind";
import { eachRule } from "../../model/input-rule";
import type { Subject } from "../../model/subject";

/** Which setting of a kind lets callers in without a certificate that was checked; undefined where none does. */
type Leniencies = (fields: Field) => readonly (() => Field | undefined)[];

const among =
  (...paths: readonly (readonly string[])[]) =>
  (isLenient: (setting: Field) => boolean): Leniencies =>
  (fields) =>
    paths
      .flatMap((path) => fields.all(path))
      .map((setting) => () => (isLenient(setting) ? setting : undefined));

const oneOf =
  (...values: readonly string[]) =>
  (setting: Field): boolean =>
    values.includes(setting.string() ?? "");

const NGINX = "nginx.ingress.kubernetes.io/auth-tls-verify-client";

const nginx = among(["metadata", "annotations", NGINX])(oneOf("optional", "optional_no_ca", "off"));

/** How each kind says that a certificate is not needed, or not checked. */
const BY_KIND: Readonly<Record<string, Leniencies>> = {
  "gateway.envoyproxy.io/ClientTrafficPolicy": (fields) => [
    () => leniencyOf(fields.get("spec", "tls", "clientValidation")),
  ],
  "gateway.networking.k8s.io/Gateway": among(
    ["spec", "tls", "frontend", "default", "validation", "mode"],
    ["spec", "tls", "frontend", "perPort", "*", "tls", "validation", "mode"],
  )(oneOf("AllowInsecureFallback")),
  "networking.istio.io/Gateway": among(["spec", "servers", "*", "tls", "mode"])(oneOf("OPTIONAL_MUTUAL")),
  "projectcontour.io/HTTPProxy": among(
    ["spec", "virtualhost", "tls", "clientValidation", "optionalClientCertificate"],
    ["spec", "virtualhost", "tls", "clientValidation", "skipClientCertValidation"],
  )((setting) => setting.isTrue()),
  "traefik.io/TLSOption": among(["spec", "clientAuth", "clientAuthType"])(
    oneOf("RequestClientCert", "RequireAnyClientCert", "VerifyClientCertIfGiven"),
  ),
  "networking.k8s.io/Ingress": nginx,
  "extensions/Ingress": nginx,
};

function leniencies(fields: Field, { type }: Subject): ReturnType<Leniencies> {
  return ofKind(BY_KIND, type)?.(fields) ?? [];
}

export const clientCertificateOptional = eachRule(
  {
    id: "client-certificate-optional",
    title: "A gateway that asks for client certificates demands them",
    severity: "medium",
    description:
      "Where a certificate is optional, or any will do, a caller comes in by leaving it out: it tells nothing that the other credentials, if there are any, do not. Waive it where those are meant to be enough.",
    remediation: "clientValidation: { caCertificateRefs } // demanded and verified where nothing else is set",
    types: typesOfKinds(BY_KIND),
    controls: [],
  },
  leniencies,
  (leniency) => {
    const setting = leniency();
    return (
      setting &&
      `lets callers in without a client certificate that was checked (\`${setting.path}\` is ${setting.show()}).`
    );
  },
);
