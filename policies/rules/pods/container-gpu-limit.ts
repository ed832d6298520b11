import type { Field } from "../../model/field";
import { containerRule } from "../../model/pods";
import { asText } from "../../model/scalars";

/** Extended resources of GPU device plugins, MIG slices and shared GPUs included. */
const GPU =
  /^(?:nvidia\.com\/(?:gpu|mig-[\w.-]+)(?:\.shared)?|amd\.com\/gpu|gpu\.intel\.com\/\w+|habana\.ai\/gaudi)$/;

function amounts(container: Field, kind: string): Map<string, Field> {
  return new Map(
    container
      .get("resources", kind)
      .entries()
      .filter(([name]) => GPU.test(name)),
  );
}

function isWhole(amount: Field): boolean {
  return /^\d+$/.test(asText(amount));
}

export const containerGpuLimit = containerRule(
  {
    id: "container-gpu-limit",
    title: "GPUs are asked for by whole limits, with equal requests if any",
    severity: "medium",
    description:
      "A GPU cannot be overcommitted: the API server refuses a request without its limit, one that differs from it, and a part of a GPU.",
    remediation: 'resources: { limits: { "nvidia.com/gpu": 1 } } // requests left out, or the same',
  },
  (container) => {
    const limits = amounts(container, "limits");
    const requests = amounts(container, "requests");
    for (const [name, limit] of limits) {
      if (!isWhole(limit)) return `must ask for whole GPUs, not \`${name}: ${limit.show()}\`.`;
    }
    for (const [name, request] of requests) {
      const limit = limits.get(name);
      if (limit === undefined || asText(limit) !== asText(request)) {
        return `must set \`resources.limits\` of \`${name}\` to what it requests, ${request.show()}, not ${limit?.show() ?? "nothing"}.`;
      }
    }
    return undefined;
  },
);
