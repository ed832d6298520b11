import assert from "node:assert/strict";
import { look, lookAndTell } from "../../../cli/rollout/desk";
import { glanceAt } from "../../../cli/rollout/glance";
import { promote } from "../../../cli/rollout/promote";
import { goBack } from "../../../cli/rollout/retreat";
import type { RecordEntry } from "../../../rollout/record/entry";
import { hashOf } from "../../../rollout/record/chain";
import { FakeWorld } from "./support/fake-desk";
import { NAMESPACE, PUBLIC_KEY, weightsIn } from "./support/fake-service";

const RECORD = "text-rollout-record";

describe("a record that somebody without its key wrote to", () => {
  let world: FakeWorld;
  beforeEach(async () => {
    world = new FakeWorld({ strategy: { kind: "blueGreen" } });
    await promote(world.desk(), "", async () => []);
    await goBack(world.desk(), "rollback", "", world.now);
    world.now += 1000;
  });
  afterEach(() => world.end());

  const write = (name: string, entries: Record<string, object>) => {
    const map = world.api.get("ConfigMap", name);
    const data = Object.fromEntries(
      Object.entries(entries).map(([key, entry]) => [key, JSON.stringify(entry)]),
    );
    const metadata = { name, namespace: NAMESPACE, labels: { "slipway.dev/rollout": "text" } };
    world.api.put({ apiVersion: "v1", kind: "ConfigMap", metadata, ...map, data: { ...map?.data, ...data } });
  };
  /** As if green were live, with a hash that is right. */
  const forged = (sequence: number, previous = ""): RecordEntry => {
    const all = { blue: 0, green: 100 };
    const entry = {
      ...world.entries[1]!,
      action: "promoted",
      live: "green",
      to: all,
      sequence,
      previous,
    } as const;
    return { ...entry, hash: hashOf(entry) };
  };
  const problems = async () => (await look(world.desk())).recordProblems;
  const head = () => world.entries[1]!.hash;

  const cases: [string, () => void, readonly string[]][] = [
    ["a page of its own", () => write(`${RECORD}-9`, { "000099": forged(99) }), []],
    [
      "the next number",
      () => write(RECORD, { "000003": forged(3, world.entries[1]!.hash) }),
      ["what stands at 000003 is not signed with the key of this record, and counts for nothing"],
    ],
    [
      "an old entry under a new number",
      () => write(RECORD, { "000003": world.entries[0]! }),
      ["what stands at 000003 is entry 1, and counts for nothing"],
    ],
    [
      "anything",
      () => write(RECORD, { "000003": { note: "hello" } }),
      ["what stands at 000003 has no usable `service`, and counts for nothing"],
    ],
  ];
  for (const [name, forge, sentences] of cases) {
    it(`sends no traffic anywhere by ${name}, and is told of it`, async () => {
      const before = head();
      forge();
      const { situation, recordHead } = await look(world.desk());
      assert.deepEqual([situation.lastMove?.sequence, recordHead], [2, before]);
      assert.deepEqual(await problems(), sentences);
      assert.equal((await goBack(world.desk(), "rollback", "", world.now)).kind, "nothing");
      assert.deepEqual(weightsIn(world.api)[0], { blue: 100, green: 0 });
      await lookAndTell(world.desk());
      assert.deepEqual(
        world.notes.filter((note) => note.startsWith("The record: ")),
        [...sentences, ...sentences].map((sentence) => `The record: ${sentence}.`),
      );
    });
  }

  it("counts where the key is not at hand as far as its hashes hold, and says that they are all that was looked at", () => {
    const glance = (publicKey?: string) =>
      glanceAt({ service: "text", record: RECORD, publicKey }, world.api.all("ConfigMap"));
    const unseen = "the key that verifies it is not at hand, so its signatures count unseen";
    assert.deepEqual([glance().lastMove?.sequence, glance().problems], [2, [unseen]]);
    write(RECORD, { "000099": forged(99) });
    assert.deepEqual(
      [glance().lastMove?.sequence, glance().problems],
      [2, [unseen, "what stands at 000099 follows no entry that is there, and counts for nothing"]],
    );
    assert.deepEqual(glance(PUBLIC_KEY).problems, [
      "what stands at 000099 is not signed with the key of this record, and counts for nothing",
    ]);
  });
});
