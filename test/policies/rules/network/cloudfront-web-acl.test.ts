import { UNKNOWN } from "../../../../policies/testing";
import { cloudfrontWebAcl } from "../../../../policies/rules/network/cloudfront-web-acl";
import { example } from "../../support/aws-resources";
import { describeRule } from "../../support/describe-rule";

describeRule(cloudfrontWebAcl, {
  good: { given: example("distribution") },
  bad: {
    none: example("distribution", { webAclId: undefined }),
    empty: example("distribution", { webAclId: "" }),
  },
  partial: { none: "one name, which is given or not" },
  wrongType: { "a switch": example("distribution", { webAclId: true }) },
  unknown: { acl: example("distribution", { webAclId: UNKNOWN }) },
});
