import { containerProbePort } from "../../../../policies/rules/pods/container-probe-port";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { server, set } from "../../support/edits";

const ports = (...names: unknown[]) =>
  set(
    "deployment",
    server("ports"),
    names.map((name, i) => ({ name, containerPort: 8000 + i })),
  );
const probe = (name: string, port: unknown) =>
  set("deployment", server(name), { httpGet: { path: "/v2/health/live", port } });

describeRule(containerProbePort, {
  good: {
    "by its name": [ports("http"), probe("livenessProbe", "http")],
    "by a number": probe("livenessProbe", 8000),
    "by a number as a text": probe("livenessProbe", "8000"),
  },
  bad: {
    "a name of none": [ports("http"), probe("livenessProbe", "admin")],
    "a hook": set("deployment", server("lifecycle"), {
      preStop: { httpGet: { path: "/drain", port: "admin" } },
    }),
  },
  partial: {
    "one probe of two": [ports("http"), probe("livenessProbe", "http"), probe("startupProbe", "start")],
    "a socket": set("deployment", server("readinessProbe"), { tcpSocket: { port: "http" } }),
  },
  wrongType: { "a number as the port's name": [ports(7), probe("livenessProbe", "http")] },
  unknown: {
    "the probe's port": probe("livenessProbe", UNKNOWN),
    "the port's name": [ports(UNKNOWN), probe("livenessProbe", "http")],
  },
});
