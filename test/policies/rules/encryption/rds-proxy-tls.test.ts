import { rdsProxyTls } from "../../../../policies/rules/encryption/rds-proxy-tls";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const proxy = (more: Record<string, unknown>) => put("proxy", "aws:rds/proxy:Proxy", { ...more });

describeRule(rdsProxyTls, {
  good: { on: proxy({ requireTls: true }) },
  bad: { default: proxy({}), off: proxy({ requireTls: false }) },
  partial: { none: "one switch, which is on or off" },
  wrongType: { "a word": proxy({ requireTls: "yes" }) },
  unknown: { switch: proxy({ requireTls: UNKNOWN }) },
});
