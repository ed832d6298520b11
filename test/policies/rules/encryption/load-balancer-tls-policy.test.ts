import { loadBalancerTlsPolicy } from "../../../../policies/rules/encryption/load-balancer-tls-policy";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const listener = (more: Record<string, unknown>) =>
  put("listener", "aws:lb/listener:Listener", { protocol: "HTTPS", ...more });

describeRule(loadBalancerTlsPolicy, {
  good: {
    "TLS 1.3 and 1.2": listener({ sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06" }),
    "TLS 1.3": listener({ sslPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06" }),
    "TLS 1.2": listener({ sslPolicy: "ELBSecurityPolicy-TLS-1-2-2017-01" }),
    "forward secrecy": listener({ sslPolicy: "ELBSecurityPolicy-FS-1-2-Res-2020-10" }),
    "without TLS": listener({ protocol: "TCP" }),
  },
  bad: {
    "the default": listener({}),
    "in small letters": listener({ protocol: "https", sslPolicy: "ELBSecurityPolicy-2016-08" }),
    "TLS 1.0": listener({ sslPolicy: "ELBSecurityPolicy-2016-08" }),
    "TLS 1.1 beside 1.3": listener({ sslPolicy: "ELBSecurityPolicy-TLS13-1-1-2021-06" }),
    "of a network load balancer": listener({
      protocol: "TLS",
      sslPolicy: "ELBSecurityPolicy-TLS-1-1-2017-01",
    }),
  },
  partial: { "an empty name": listener({ sslPolicy: "" }) },
  wrongType: { "a number": listener({ sslPolicy: 1.2 }) },
  unknown: { policy: listener({ sslPolicy: UNKNOWN }), protocol: listener({ protocol: UNKNOWN }) },
});
