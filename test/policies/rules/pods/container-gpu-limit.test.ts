import { UNKNOWN } from "../../../../policies/testing";
import { containerGpuLimit } from "../../../../policies/rules/pods/container-gpu-limit";
import { describeRule } from "../../support/describe-rule";
import { server, set } from "../../support/edits";

const gpu = "nvidia.com/gpu";
const at = (kind: string, name: string, value: unknown) =>
  set("deployment", ["spec", "template", "spec", "containers", "0", "resources", kind, name], value);

describeRule(containerGpuLimit, {
  good: {
    "a limit alone": at("limits", gpu, 1),
    "equal, one as a text": [at("limits", gpu, "2"), at("requests", gpu, 2)],
    "a MIG slice": at("limits", "nvidia.com/mig-1g.5gb", 1),
    "no GPU": at("limits", "example.com/disk", "0.5"),
  },
  bad: {
    "a request alone": at("requests", gpu, 1),
    "a request below its limit": [at("limits", gpu, 2), at("requests", gpu, 1)],
    "half a GPU": at("limits", gpu, "500m"),
  },
  partial: { "a limit of another resource": [at("limits", "amd.com/gpu", 1), at("requests", gpu, 1)] },
  wrongType: {
    "an object": at("limits", gpu, { count: 1 }),
    "an object that is no text": at("limits", gpu, { toString: 1 }),
  },
  unknown: {
    limit: at("limits", gpu, UNKNOWN),
    limits: set("deployment", server("resources.requests"), UNKNOWN),
  },
});
