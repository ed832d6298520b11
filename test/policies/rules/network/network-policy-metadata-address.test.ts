import { UNKNOWN } from "../../../../policies/testing";
import { networkPolicyMetadataAddress } from "../../../../policies/rules/network/network-policy-metadata-address";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

const blocks = (...list: unknown[]) =>
  set("allow", "spec.egress", [{ to: list.map((ipBlock) => ({ ipBlock })) }]);

describeRule(networkPolicyMetadataAddress, {
  good: {
    "all but link-local": blocks({ cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] }),
    "all but the one": blocks({ cidr: "0.0.0.0/0", except: ["10.0.0.0/8", "169.254.169.254/32"] }),
    "a range beside it": blocks({ cidr: "203.0.113.0/24" }),
  },
  bad: {
    everything: blocks({ cidr: "0.0.0.0/0" }),
    "the address itself": blocks({ cidr: "169.254.169.254/32" }),
    "the link-local range": blocks({ cidr: "169.254.0.0/16" }),
  },
  partial: { "others excepted": blocks({ cidr: "0.0.0.0/0", except: ["10.0.0.0/8"] }) },
  notJudged: { "no range": blocks({ cidr: "everything" }), number: blocks({ cidr: 0 }) },
  unknown: { range: blocks({ cidr: UNKNOWN }), except: blocks({ cidr: "0.0.0.0/0", except: UNKNOWN }) },
});
