import type { ResourceRule } from "../../model/rule";

export const corsCredentials: ResourceRule = {
  id: "cors-credentials",
  title: "Cross-origin calls with credentials name their origins",
  severity: "medium",
  description: "With `*` and credentials every page that a user visits can call in that user's name.",
  remediation: 'cors: { allowOrigins: ["https://app.example"], allowCredentials: true }',
  types: ["kubernetes:gateway.envoyproxy.io/*:SecurityPolicy"],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    const cors = subject.fields.get("spec", "cors");
    if (!cors.get("allowCredentials").isTrue()) return;
    const open = cors
      .get("allowOrigins")
      .strings()
      .some((origin) => /^(?:https?:\/\/)?\*(?::\*)?$/.test(origin));
    if (open) verdict.fail(subject, "must not allow credentials from every origin.");
  },
};
