import { classicLoadBalancerTlsPolicy } from "../../../../policies/rules/encryption/classic-load-balancer-tls-policy";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const reference = (value: string) => ({ name: "Reference-Security-Policy", value });
const policy = (attributes: unknown) =>
  put("policy", "aws:elb/sslNegotiationPolicy:SslNegotiationPolicy", { lbPort: 443, attributes });

describeRule(classicLoadBalancerTlsPolicy, {
  good: {
    "a policy of TLS 1.2": policy([reference("ELBSecurityPolicy-TLS-1-2-2017-01")]),
    "TLS 1.2 chosen by hand": policy([
      { name: "Protocol-TLSv1.2", value: "true" },
      { name: "Protocol-TLSv1", value: "false" },
    ]),
  },
  bad: {
    "a policy of TLS 1.0": policy([reference("ELBSecurityPolicy-2016-08")]),
    "TLS 1.1 chosen by hand": policy([{ name: "Protocol-TLSv1.1", value: "true" }]),
    "the other spelling": put("policy", "aws:elb/loadBalancerPolicy:LoadBalancerPolicy", {
      policyAttributes: [reference("ELBSecurityPolicy-2015-05")],
    }),
  },
  partial: {
    "TLS 1.0 beside 1.2": policy([
      { name: "Protocol-TLSv1.2", value: "true" },
      { name: "Protocol-TLSv1", value: "true" },
    ]),
  },
  wrongType: { "a number": policy([{ name: "Reference-Security-Policy", value: 1 }]) },
  unknown: { attributes: policy(UNKNOWN), value: policy([reference(UNKNOWN)]) },
});
