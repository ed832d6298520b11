import assert from "node:assert";
import {
  Mirror,
  type Named,
  type Source,
  type WatchEvent,
} from "../../../../toolchain/cluster/network-policy/mirror";

const thing = (name: string, version = 1) => ({ metadata: { name, namespace: "red" }, version });
type Thing = ReturnType<typeof thing>;

/** A server whose lists and watches follow a script, one entry for each time that it is asked. */
class ScriptedSource implements Source<Thing> {
  readonly watchedFrom: string[] = [];

  constructor(
    private readonly lists: (readonly Thing[] | Error)[],
    private readonly watches: (readonly WatchEvent<Thing>[] | Error)[],
    private readonly onExhausted: () => void,
  ) {}

  async list() {
    const items = this.lists.shift();
    if (items === undefined) {
      this.onExhausted();
      throw new Error("no more lists");
    }
    if (items instanceof Error) {
      throw items;
    }
    return { items, resourceVersion: `v${this.lists.length}` };
  }

  async watch(resourceVersion: string, onEvent: (event: WatchEvent<Thing>) => void) {
    this.watchedFrom.push(resourceVersion);
    const events = this.watches.shift() ?? [];
    if (events instanceof Error) {
      throw events;
    }
    events.forEach(onEvent);
  }
}

/** Runs a mirror through the script and returns what it held after every change. */
async function follow(
  lists: (readonly Thing[] | Error)[],
  watches: (readonly WatchEvent<Thing>[] | Error)[],
) {
  const ending = new AbortController();
  const seen: string[] = [];
  const errors: string[] = [];
  const describe = (each: Named & { version?: number }) => `${each.metadata?.name}@${each.version}`;
  const source = new ScriptedSource(lists, watches, () => ending.abort());
  const mirror: Mirror<Thing> = new Mirror(source, {
    onChange: () => seen.push(mirror.objects.map(describe).join(" ")),
    onError: (error) => errors.push((error as Error).message),
    minimumDelayMs: 1,
    maximumDelayMs: 2,
  });
  assert.strictEqual(mirror.isSynced, false);
  await mirror.run(ending.signal);
  return { seen, errors, mirror, watchedFrom: source.watchedFrom };
}

describe("Mirror", () => {
  it("holds the list and then every change of the watch", async () => {
    const { seen, mirror } = await follow(
      [[thing("a"), thing("b")]],
      [
        [
          { type: "MODIFIED", object: thing("a", 2) },
          { type: "DELETED", object: thing("b") },
          { type: "ADDED", object: thing("c") },
        ],
      ],
    );
    assert.deepStrictEqual(seen, ["a@1 b@1", "a@2 b@1", "a@2", "a@2 c@1"]);
    assert.strictEqual(mirror.isSynced, true);
  });

  it("lists anew after the watch ends, and drops what went away meanwhile", async () => {
    const { seen, watchedFrom } = await follow([[thing("a"), thing("b")], [thing("b", 2)]], [[], []]);
    assert.deepStrictEqual(seen, ["a@1 b@1", "b@2"]);
    assert.deepStrictEqual(watchedFrom, ["v1", "v0"]);
  });

  it("keeps what it has while the server fails, and says what failed", async () => {
    const { seen, errors } = await follow(
      [[thing("a")], new Error("refused"), [thing("a", 2)]],
      [new Error("gone")],
    );
    assert.deepStrictEqual(seen, ["a@1", "a@2"]);
    assert.deepStrictEqual(errors, ["gone", "refused"]);
  });
});
