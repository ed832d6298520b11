import { type Edit, put } from "./edits";
import { podTemplate } from "./world";

/** Adds a StatefulSet, role `set`, in which every rule holds, with these changes to its spec and to that of its pods. */
export function statefulSet(spec: Record<string, unknown>, pod: Record<string, unknown> = {}): Edit {
  const { spec: podSpec, ...template } = podTemplate();
  return put("set", "kubernetes:apps/v1:StatefulSet", {
    metadata: { name: "store", namespace: "team" },
    spec: {
      replicas: 2,
      serviceName: "store",
      template: { ...template, spec: { ...(podSpec as object), ...pod } },
      ...spec,
    },
  });
}
