import { clientCertificateOptional } from "../../../../policies/rules/traffic/client-certificate-optional";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put, set } from "../../support/edits";

const authority = { caCertificateRefs: [{ kind: "ConfigMap", name: "clients" }] };
const validation = (more: Record<string, unknown>) =>
  set("clientTraffic", "spec.tls.clientValidation", { ...authority, ...more });
const frontend = (value: unknown) => set("gateway", "spec.tls.frontend", value);
const lenient = { validation: { ...authority, mode: "AllowInsecureFallback" } };
const strict = { validation: { ...authority, mode: "AllowValidOnly" } };
const metadata = { name: "edge", namespace: "team" };
const istio = (mode: unknown) =>
  put("istio", "kubernetes:networking.istio.io/v1:Gateway", {
    metadata,
    spec: { servers: [{ hosts: ["edge.example"], port: { number: 443 }, tls: { mode } }] },
  });
const contour = (clientValidation: unknown) =>
  put("contour", "kubernetes:projectcontour.io/v1:HTTPProxy", {
    metadata,
    spec: { virtualhost: { fqdn: "edge.example", tls: { secretName: "tls", clientValidation } } },
  });
const traefik = (clientAuthType: unknown) =>
  put("traefik", "kubernetes:traefik.io/v1alpha1:TLSOption", {
    metadata,
    spec: { clientAuth: { secretNames: ["clients"], clientAuthType } },
  });
const nginx = (value: unknown) =>
  set("ingress", ["metadata", "annotations", "nginx.ingress.kubernetes.io/auth-tls-verify-client"], value);

describeRule(clientCertificateOptional, {
  good: {
    demanded: validation({}),
    "not optional": validation({ optional: false }),
    "verified by its mode, which outweighs `optional`": validation({
      mode: "RequireAndVerify",
      optional: true,
    }),
    "demanded by the gateway": frontend({ default: strict, perPort: [{ port: 8443, tls: strict }] }),
    "demanded by Istio": istio("MUTUAL"),
    "no certificates asked for by Istio": istio("SIMPLE"),
    "demanded by Contour": contour({ caSecret: "clients" }),
    "demanded by Traefik": traefik("RequireAndVerifyClientCert"),
    "demanded by nginx": nginx("on"),
  },
  bad: {
    optional: validation({ optional: true }),
    "verified if given": validation({ mode: "VerifyIfGiven" }),
    "any will do": validation({ mode: "RequireAny" }),
    "asked for by the gateway": frontend({ default: lenient }),
    "asked for by Istio": istio("OPTIONAL_MUTUAL"),
    "asked for by Contour": contour({ caSecret: "clients", optionalClientCertificate: true }),
    "not checked by Contour": contour({ skipClientCertValidation: true }),
    "asked for by Traefik": traefik("VerifyClientCertIfGiven"),
    "asked for by nginx": nginx("optional"),
    "not checked by nginx": nginx("optional_no_ca"),
  },
  partial: {
    "one port of two": frontend({ default: strict, perPort: [{ port: 8443, tls: lenient }] }),
  },
  wrongType: {
    "a text that may be true": validation({ optional: "true" }),
    "a number as the mode": validation({ mode: 7 }),
  },
  notJudged: { "a mode of Istio of a wrong type": istio(true) },
  unknown: {
    optional: validation({ optional: UNKNOWN }),
    mode: validation({ mode: UNKNOWN }),
    "all of it": set("clientTraffic", "spec.tls.clientValidation", UNKNOWN),
    "the mode of a port": frontend({ perPort: [{ port: 8443, tls: { validation: { mode: UNKNOWN } } }] }),
  },
});
