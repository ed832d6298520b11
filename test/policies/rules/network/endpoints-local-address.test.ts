import { endpointsLocalAddress } from "../../../../policies/rules/network/endpoints-local-address";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const slice = (...addresses: unknown[]) =>
  put("slice", "kubernetes:discovery.k8s.io/v1:EndpointSlice", {
    metadata: { name: "outside", namespace: "team" },
    addressType: "IPv4",
    endpoints: [{ addresses }],
  });

describeRule(endpointsLocalAddress, {
  good: { "a private address": slice("10.1.2.3"), "another of the same figures": slice("12.7.0.1") },
  bad: {
    loopback: slice("127.0.0.1"),
    "the metadata service": slice("169.254.169.254"),
    IPv6: slice("::1"),
    "an Endpoints": put("endpoints", "kubernetes:core/v1:Endpoints", {
      metadata: { name: "outside", namespace: "team" },
      subsets: [{ addresses: [{ ip: "127.0.0.1" }] }],
    }),
  },
  partial: { "one of two": slice("10.1.2.3", "127.8.8.8") },
  notJudged: {
    number: slice(127),
    "a text instead of a list": put("slice", "kubernetes:discovery.k8s.io/v1:EndpointSlice", {
      metadata: { name: "outside", namespace: "team" },
      endpoints: [{ addresses: "127.0.0.1" }],
    }),
  },
  unknown: { address: slice(UNKNOWN) },
});
