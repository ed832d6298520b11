import { serviceSelectsPods } from "../../../../policies/rules/network/service-selects-pods";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { type Edit, put, set } from "../../support/edits";

/** A namespace beside the world's own, where a gateway and an operator make pods too: with these alone there are none but declared ones. */
const beside: Edit = (world) => {
  for (const role of ["namespace", "denyAll", "allow", "account", "deployment", "budget"]) {
    const { type, props } = world[role]!;
    const moved = JSON.parse(JSON.stringify(props).replaceAll('"team"', '"beside"')) as Record<
      string,
      unknown
    >;
    put(`${role}Beside`, type, moved)(world);
  }
};

const service = (selector: unknown, namespace = "beside") =>
  put("extra", "kubernetes:core/v1:Service", {
    metadata: { name: "extra", namespace },
    spec: { selector, ports: [{ name: "http", port: 8000, targetPort: 8000 }] },
  });

describeRule(serviceSelectsPods, {
  good: {
    "its pods": [beside, service({ app: "text" })],
    "pods of other labels": [beside, service({ "other.example/name": "far" })],
    "no selector": [beside, service(undefined)],
    "pods of an operator": [
      beside,
      put("kafka", "kubernetes:kafka.strimzi.io/v1beta2:Kafka", {
        metadata: { name: "events", namespace: "beside" },
        spec: {},
      }),
      service({ app: "kafka" }),
    ],
    "pods that others make": service({ app: "grafana" }, "team"),
  },
  bad: { "a wrong value": [beside, service({ app: "txet" })] },
  partial: {
    "one label of two": [
      beside,
      set("deploymentBeside", "spec.template.metadata.labels.tier", "edge"),
      service({ app: "text", tier: "web" }),
    ],
  },
  wrongType: { "a number": [beside, service({ app: 7 })] },
  unknown: {
    selector: [beside, service({ app: UNKNOWN })],
    "labels of a workload": [
      beside,
      set("deployment", "spec.template.metadata.labels.app", UNKNOWN),
      service({ app: "txet" }),
    ],
  },
});
