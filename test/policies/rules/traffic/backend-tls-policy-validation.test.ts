import { backendTlsPolicyValidation } from "../../../../policies/rules/traffic/backend-tls-policy-validation";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

const validation = (value: unknown) => set("backendTls", "spec.validation", value);
const hostname = "text.team";
const refs = [{ group: "", kind: "ConfigMap", name: "ca" }];

describeRule(backendTlsPolicyValidation, {
  good: {
    "an authority of its own": validation({ hostname, caCertificateRefs: refs }),
    "those of the system": validation({ hostname, wellKnownCACertificates: "System" }),
  },
  bad: {
    "no name": validation({ caCertificateRefs: refs }),
    "no authority": validation({ hostname }),
    "no validation": validation(undefined),
  },
  partial: { "an empty list of authorities": validation({ hostname, caCertificateRefs: [] }) },
  wrongType: { "a name that is none": validation({ hostname: 7, caCertificateRefs: refs }) },
  unknown: {
    name: validation({ hostname: UNKNOWN, caCertificateRefs: refs }),
    all: validation(UNKNOWN),
  },
});
