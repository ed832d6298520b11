import assert from "node:assert/strict";
import type { OpenProfile } from "../../../cli/rollout/open-desk";
import { promote } from "../../../cli/rollout/promote";
import { goBack } from "../../../cli/rollout/retreat";
import { showRecord } from "../../../cli/rollout/show-record";
import { FakeWorld } from "./support/fake-desk";
import { makeCluster, makeRecord, PUBLIC_KEY } from "./support/fake-service";

describe("showRecord", () => {
  let world: FakeWorld;
  const { error } = console;
  const said: string[] = [];
  let exported: { recordHead: string; recordCluster: string };
  beforeEach(async () => {
    world = new FakeWorld({ strategy: { kind: "blueGreen" } });
    await promote(world.desk(), "", async () => []);
    await goBack(world.desk(), "rollback", "", world.now);
    said.splice(0);
    exported = { recordHead: world.entries[0]!.hash, recordCluster: "made-first" };
    console.error = (line: string) => void said.push(line);
  });
  afterEach(() => {
    console.error = error;
    world.end();
  });

  const verify = () => {
    const { cluster, store } = world.desk();
    const open = { cluster, store, publicKey: PUBLIC_KEY } as unknown as OpenProfile;
    return showRecord(open, { ...world.rollout, ...exported }, { verify: true });
  };

  it("holds a record against the head that the last command noted, besides the one that was exported", async () => {
    await verify();
    assert.deepEqual(said, [
      "The record of text is whole: 2 entries, 0 of them after the head that was noted last.",
    ]);
    const { hash } = world.entries[1]!;
    const map = world.api.get("ConfigMap", "text-rollout-record")!;
    const first = Object.entries(map.data!).slice(0, 1);
    world.api.put({ ...map, data: Object.fromEntries(first) });
    await assert.rejects(verify(), {
      message: `the record of \`text\` is not whole: The record ends with entry 1 and does not have the exported head ${hash}: entries at its end were removed or replaced`,
    });
  });

  it("holds the record of a cluster made anew against no head of the one before", async () => {
    makeRecord(world.api);
    makeCluster(world.api, "made-anew");
    await verify();
    assert.deepEqual(said, [
      "The record of text is whole: 0 entries, no head was exported yet, so entries cut off the end would not show.",
    ]);
    await promote(world.desk(), "", async () => []);
    await verify();
  });
});
