import { UNKNOWN } from "../../../../policies/testing";
import { envoyAdminAddress } from "../../../../policies/rules/monitoring/envoy-admin-address";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

const bootstrap = (address: string) =>
  `admin:\n  address:\n    socket_address:\n      address: ${address}\n      port_value: 19000\n`;
const patch = (value: unknown) =>
  set("envoy", "spec.bootstrap", {
    type: "JSONPatch",
    jsonPatches: [{ op: "replace", path: "/admin/address/socket_address/address", value }],
  });

describeRule(envoyAdminAddress, {
  good: {
    "inside the pod": set("envoy", "spec.bootstrap", { value: bootstrap("127.0.0.1") }),
    "another listener on all": set("configMap", ["data", "envoy.yaml"], "listener:\n  address: 0.0.0.0\n"),
    "an address after its section": set(
      "configMap",
      ["data", "envoy.yaml"],
      `${bootstrap("127.0.0.1")}static_resources:\n  listeners:\n    - address: { socket_address: { address: 0.0.0.0 } }\n`,
    ),
    "another program's admin": set("configMap", ["data", "app.yaml"], "admin:\n  address: 0.0.0.0\n"),
    "patched to itself": patch("127.0.0.1"),
  },
  bad: {
    everywhere: set("envoy", "spec.bootstrap", { type: "Replace", value: bootstrap("0.0.0.0") }),
    "as JSON": set(
      "configMap",
      ["data", "envoy.json"],
      '{"admin": {"address": {"socketAddress": {"address": "0.0.0.0", "portValue": 19000}}}}',
    ),
    "in one line": set("envoy", "spec.bootstrap", {
      value: "admin:\n  address: { socket_address: { address: 0.0.0.0, port_value: 19000 } }\n",
    }),
    "by a patch": patch("0.0.0.0"),
    "an Envoy of one's own": set("configMap", ["data", "envoy.yaml"], bootstrap('"0.0.0.0"')),
  },
  partial: { "over IPv6": set("envoy", "spec.bootstrap", { value: bootstrap('"::"') }) },
  notJudged: { number: set("envoy", "spec.bootstrap", { value: 19000 }) },
  unknown: { bootstrap: set("envoy", "spec.bootstrap", { value: UNKNOWN }), patch: patch(UNKNOWN) },
});
