import type { Field } from "../../model/field";
import { containerRule, containersOf } from "../../model/pods";
import { askedPorts } from "../../model/probes";

/** @throws UnknownRead */
function portNumbers(container: Field): (number | undefined)[] {
  return container
    .get("ports")
    .items()
    .map((port) => port.get("containerPort").number());
}

export const containerProbeDeclaredPort = containerRule(
  {
    id: "container-probe-declared-port",
    title: "Probes ask a port that the pod writes down",
    severity: "medium",
    description:
      "Where a container says which ports it has, a probe of another number most likely fails each time: nobody listens there. One of another container of the pod counts, as they share their addresses.",
    remediation: "ports: [{ containerPort: 8000 }], readinessProbe: { httpGet: { path, port: 8000 } }",
  },
  (container, podSpec) => {
    const asked = askedPorts(container).filter(({ port, isOwn }) => isOwn && typeof port === "number");
    if (asked.length === 0) return undefined;
    const own = portNumbers(container);
    if (own.length === 0 || asked.every(({ port }) => own.includes(Number(port)))) return undefined;
    const all = containersOf(podSpec).flatMap(portNumbers);
    const wrong = asked.find(({ port }) => !all.includes(Number(port)));
    return (
      wrong && `must have a port \`${wrong.port}\` beside its others, which its \`${wrong.asker}\` asks.`
    );
  },
);
