import { UNKNOWN } from "../../../../policies/testing";
import { podMemoryVolumeLimit } from "../../../../policies/rules/pods/pod-memory-volume-limit";
import { describeRule } from "../../support/describe-rule";
import { pod, set } from "../../support/edits";

const volume = (emptyDir: unknown) => set("deployment", pod("volumes.1"), { name: "shm", emptyDir });

describeRule(podMemoryVolumeLimit, {
  good: { limited: volume({ medium: "Memory", sizeLimit: "1Gi" }), "on disk": volume({ medium: "" }) },
  bad: { "no limit": volume({ medium: "Memory" }) },
  partial: { "limit is null": volume({ medium: "Memory", sizeLimit: null }) },
  notJudged: { "a list": volume([{ medium: "Memory" }]) },
  unknown: { medium: volume({ medium: UNKNOWN }), limit: volume({ medium: "Memory", sizeLimit: UNKNOWN }) },
});
