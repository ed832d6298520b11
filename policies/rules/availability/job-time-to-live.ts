import { inputRule } from "../../model/input-rule";

export const jobTimeToLive = inputRule(
  {
    id: "job-time-to-live",
    title: "Jobs go away some time after their end",
    severity: "low",
    description:
      "A job that has ended keeps its pods, with their logs and volumes, until somebody deletes it; thousands of them slow the API server.",
    remediation: "spec: { ttlSecondsAfterFinished: 86400, … }",
    types: ["kubernetes:batch/*:Job"],
    controls: [],
  },
  (fields) =>
    fields.get("spec", "ttlSecondsAfterFinished").number() === undefined
      ? "must set `ttlSecondsAfterFinished`."
      : undefined,
);
