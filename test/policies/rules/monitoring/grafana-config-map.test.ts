import { grafanaConfigMap } from "../../../../policies/rules/monitoring/grafana-config-map";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const config = (text: unknown, key = "grafana.ini") =>
  put("grafana", "kubernetes:core/v1:ConfigMap", {
    metadata: { name: "grafana", namespace: "team" },
    data: { [key]: text },
  });

describeRule(grafanaConfigMap, {
  good: {
    "a login": config("[auth.anonymous]\nenabled = false\n[auth.basic]\nenabled = true\n"),
    "a password of a file": config("[security]\nadmin_password = $__file{/etc/grafana/password}\n"),
    "another file": config("[auth.anonymous]\nenabled = true\n", "example.txt"),
    "a line that is a comment": config("[auth.anonymous]\n;enabled = true\n"),
  },
  bad: {
    "nobody is asked": config("[auth.anonymous]\n  enabled=true\n"),
    "the default password": config("[security]\nadmin_user = admin\nadmin_password = admin\n"),
    "a key with a prefix": config("[auth.anonymous]\nenabled = 1\n", "shop-grafana.ini"),
  },
  partial: { "the last line counts": config("[auth.anonymous]\nenabled = false\nenabled = true\n") },
  notJudged: { "no text": config(7) },
  unknown: { text: config(UNKNOWN) },
});
