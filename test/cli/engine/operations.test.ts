import assert from "node:assert/strict";
import type { EngineEvent, PreviewOptions, Stack } from "@pulumi/pulumi/automation";
import { preview } from "../../../cli/engine/operations";

const STACK = "urn:pulumi:onprem::slipway::pulumi:pulumi:Stack::slipway-onprem";
const SERVICE = "urn:pulumi:onprem::slipway::slipway:index:InferenceService::text";

/** A stack whose preview says these things. */
const saying = (diagnostics: readonly object[]) =>
  ({
    name: "onprem",
    preview: async ({ onEvent }: PreviewOptions) => {
      for (const diagnosticEvent of diagnostics)
        onEvent?.({ sequence: 0, timestamp: 0, diagnosticEvent } as EngineEvent);
    },
  }) as unknown as Stack;

describe("a preview", () => {
  it("says what the program warns of, once", async () => {
    const notes: string[] = [];
    const progress = {
      start: () => ({ update() {}, done() {}, fail() {} }),
      note: (line: string) => void notes.push(line),
    };
    const onVolumes = { urn: STACK, message: "the default class\n", severity: "warning" };
    const { warnings } = await preview(
      saying([
        onVolumes,
        onVolumes,
        { urn: SERVICE, message: "a single pod", severity: "warning" },
        { urn: STACK, message: "nothing to see", severity: "info" },
      ]),
      progress,
    );
    assert.equal(warnings.length, 3);
    assert.deepEqual(notes, ["warning: the default class", "warning: text: a single pod"]);
  });
});
