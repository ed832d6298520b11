import { containerProbeDeclaredPort } from "../../../../policies/rules/pods/container-probe-declared-port";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { pod, server, set } from "../../support/edits";

const ports = (...numbers: unknown[]) =>
  set(
    "deployment",
    server("ports"),
    numbers.map((containerPort) => ({ containerPort })),
  );
const http = (port: unknown) => ({ httpGet: { path: "/v2/health/live", port } });
const probe = (handler: unknown, name = "livenessProbe") => set("deployment", server(name), handler);
const other = (...numbers: unknown[]) =>
  set(
    "deployment",
    `${pod("initContainers.0")}.ports`,
    numbers.map((containerPort) => ({ containerPort })),
  );

describeRule(containerProbeDeclaredPort, {
  good: {
    "a port that it has": probe(http(8000)),
    "by its number as a text": probe(http("8000")),
    "where it says nothing of its ports": [
      set("deployment", server("ports"), []),
      probe(http(9000)),
      probe(http(9000), "readinessProbe"),
    ],
    "a port of another container of the pod": [other(9000), probe(http(9000))],
    "by gRPC": [ports(8000, 9000), probe({ grpc: { port: 9000 } })],
  },
  bad: {
    "another number": probe(http(8081)),
    "another number as a text": probe(http("8081")),
    "a socket": probe({ tcpSocket: { port: 8081 } }),
    "by gRPC": probe({ grpc: { port: 9000 } }),
    "a hook": probe({ preStop: { httpGet: { path: "/drain", port: 8081 } } }, "lifecycle"),
  },
  partial: {
    "one probe of two": probe(http(8081), "readinessProbe"),
    "beside a port of another container": [other(9000), probe(http(9000)), probe(http(8081), "startupProbe")],
  },
  wrongType: { "a text as the container's port": [ports("8000"), probe(http(8000))] },
  notJudged: {
    "a switch": probe(http(true)),
    "another host, which another rule judges": probe({ httpGet: { host: "health.example", port: 8081 } }),
  },
  unknown: {
    "the probe's port": probe(http(UNKNOWN)),
    "the container's port": [ports(UNKNOWN), probe(http(8000))],
    "a port of another container": [other(UNKNOWN), probe(http(9000))],
  },
});
