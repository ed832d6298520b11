import { podSpecPaths } from "../model/pods";
import { type Draft, existing, objectAt, objectBelow, objectsAt, objectsIn, put } from "./draft";
import type { Remediation } from "./remediation";

/** A mend of every pod spec of a resource. */
const inPods =
  (mend: (pod: Draft) => void): Remediation =>
  (draft, type) => {
    for (const path of podSpecPaths(type)) objectsAt(draft, path).forEach(mend);
  };

/** A mend of the security context of every container; Windows pods have none of these. */
const inSecurityContexts = (mend: (context: Draft) => void): Remediation =>
  inPods((pod) => {
    if (existing(pod, "os")?.["name"] === "windows") return;
    for (const list of ["initContainers", "containers", "ephemeralContainers"]) {
      for (const container of objectsIn(pod[list])) {
        const context = objectAt(container, "securityContext");
        if (context) mend(context);
      }
    }
  });

const dropAll = inSecurityContexts((context) => {
  const capabilities = objectAt(context, "capabilities");
  if (!capabilities) return;
  const { drop } = capabilities;
  if (drop === undefined || drop === null) put(capabilities, "drop", ["ALL"]);
  else if (Array.isArray(drop) && !drop.includes("ALL"))
    put(capabilities, "drop", [...(drop as unknown[]), "ALL"]);
});

/** Only where nobody said anything: a profile that was switched off was switched off by somebody. */
const seccomp = inPods((pod) => {
  const profile = objectBelow(pod, "securityContext", "seccompProfile");
  if (profile && profile["type"] === undefined) profile["type"] = "RuntimeDefault";
});

const raiseTlsVersion: Remediation = (draft) => {
  const tls = existing(draft, "spec", "tls");
  for (const bound of ["minVersion", "maxVersion"]) {
    if (tls && (tls[bound] === "1.0" || tls[bound] === "1.1")) tls[bound] = "1.2";
  }
};

/** Lets the default of a switch or number hold again. */
const leaveOut =
  (key: string, ...owner: readonly string[]): Remediation =>
  (draft) => {
    const found = existing(draft, ...owner);
    if (found) delete found[key];
  };

const switchOn =
  (name: string): Remediation =>
  (draft) => {
    const annotations = existing(draft, "metadata", "annotations");
    if (annotations?.[name] === "false" || annotations?.[name] === false) annotations[name] = "true";
  };

/**
 * What can be mended without asking anybody: a setting that a running system does not notice, or a restriction that most
 * images never meet. Not here: users, read-only file systems, volumes, limits and probes, which depend on the image.
 */
export const kubernetesRemediations: Readonly<Record<string, Remediation>> = {
  "container-privilege-escalation": inSecurityContexts((context) =>
    put(context, "allowPrivilegeEscalation", false),
  ),
  "container-capabilities-dropped": dropAll,
  "container-proc-mount": inSecurityContexts((context) => {
    if (context["procMount"] === "Unmasked") delete context["procMount"];
  }),
  "pod-seccomp-profile": seccomp,
  "pod-share-process-namespace": inPods((pod) => put(pod, "shareProcessNamespace", false)),
  "gateway-minimum-tls-version": raiseTlsVersion,
  "ingress-tls-redirect": (draft, type) => {
    for (const name of ["nginx.ingress.kubernetes.io/ssl-redirect", "ingress.kubernetes.io/ssl-redirect"]) {
      switchOn(name)(draft, type);
    }
  },
  "prometheus-admin-api": leaveOut("enableAdminAPI", "spec"),
  "envoy-access-log": leaveOut("disable", "spec", "telemetry", "accessLog"),
  "deployment-revision-history": leaveOut("revisionHistoryLimit", "spec"),
  "deployment-progress-deadline": (draft) => {
    const spec = existing(draft, "spec");
    if (spec?.["progressDeadlineSeconds"] === 2147483647) delete spec["progressDeadlineSeconds"];
  },
  "certificate-private-key": (draft) => {
    const key = existing(draft, "spec", "privateKey");
    if (key?.["rotationPolicy"] === "Never") key["rotationPolicy"] = "Always";
  },
  "helm-repository-tls": (draft) => {
    if (draft["plainHttp"] === true) draft["plainHttp"] = false;
  },
};
