import { ingressBackend } from "../../../../policies/rules/network/ingress-backend";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";
import { goodWorld } from "../../support/world";

const backend = (name: unknown) =>
  set("ingress", "spec.rules", [
    {
      host: "old.example",
      http: { paths: [{ path: "/", backend: { service: { name, port: { number: 8000 } } } }] },
    },
  ]);

/** The good world without what has controllers of its own. */
const withoutOperators = () => {
  const world = goodWorld();
  for (const role of ["gateway", "envoy", "prometheus", "route", "grpcRoute", "security"]) delete world[role];
  return world;
};

describeRule(ingressBackend, {
  good: {
    there: backend("text"),
    "made elsewhere": [set("ingress", "metadata.namespace", "other"), backend("far")],
  },
  bad: {
    "another name": backend("txt"),
    "the default one": set("ingress", "spec.defaultBackend", { service: { name: "txt" } }),
  },
  partial: {
    "one path of two": set("ingress", "spec.rules", [
      {
        host: "old.example",
        http: {
          paths: ["text", "txt"].map((name) => ({
            path: `/${name}`,
            backend: { service: { name, port: { number: 8000 } } },
          })),
        },
      },
    ]),
  },
  notJudged: { number: backend(7), "no service": set("ingress", "spec.defaultBackend", { service: "txt" }) },
  unknown: {
    name: backend(UNKNOWN),
    "the services' names": [backend("txt"), set("service", "metadata.name", UNKNOWN)],
  },
  world: withoutOperators,
});
