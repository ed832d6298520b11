import { isDeepStrictEqual } from "node:util";
import { differences, type ObservedRoute } from "../../rollout/situation";
import type { Journal } from "../../rollout/plan-journal";
import { plainText } from "../../rollout/record/plain-text";
import { NO_MOVE, type Action, type RecordEntry } from "../../rollout/record/entry";
import { look, type Desk } from "./desk";
import { TakenOver } from "./journal-file";
import type { Observation } from "./observe";
import { readEntries } from "./record-store";

/** How long a command that moved the routes is given to say so in the record, in milliseconds: it moves first and records then. */
const RECORD_MS = 60_000;
const LOOK_MS = 2_000;

/** Another machine's command, whose journal and claim are not here, switched the service's traffic. */
export class SwitchedElsewhere extends TakenOver {
  constructor(
    message: string,
    /** What it recorded; undefined where the routes moved and nobody said why. */
    readonly entry?: RecordEntry,
  ) {
    super(message);
  }
}

/** What a walk knows to be its own doing, so that it sees what is not. */
export class OwnTraffic {
  private head: string;
  private readonly found: readonly ObservedRoute[];
  private hasMoved = false;

  /** @param start what was so when the walk began or went on */
  constructor(
    { situation, recordHead }: Observation,
    private readonly signal: AbortSignal,
  ) {
    this.head = recordHead;
    this.found = situation.routes;
  }

  /** The walk's own switch is done, and this is its entry. */
  recorded(head: string): void {
    this.head = head;
    this.hasMoved = true;
  }

  /** Looks at the service. @throws TakenOver where another command has switched it since the walk last moved anything */
  async look(desk: Desk, journal: Journal): Promise<Observation> {
    const deadline = desk.clock.now() + RECORD_MS;
    for (let isFirst = true; ; isFirst = false) {
      const seen = await look(desk);
      desk.journal.assertMine(journal.id);
      await this.assertUnswitched(desk, seen);
      const moved = this.movedBySomebody(seen, journal);
      if (moved === undefined) return seen;
      if (this.signal.aborted || desk.clock.now() >= deadline) {
        const { service } = journal;
        throw new SwitchedElsewhere(
          `${moved}: somebody else moved it, and this one stops; \`slipway status ${service}\` shows what is so`,
        );
      }
      if (isFirst)
        desk.progress.note(`${moved}: somebody else moved it; the record is given time to say who.`);
      await desk.clock.sleep(LOOK_MS, this.signal);
    }
  }

  /** As `look`, but a cluster that does not answer now counts as one where nothing has changed. */
  async lookIfPossible(desk: Desk, journal: Journal): Promise<void> {
    try {
      await this.look(desk, journal);
    } catch (error) {
      if (error instanceof TakenOver) throw error;
    }
  }

  /** @throws SwitchedElsewhere where the record has a switch that is not this walk's */
  async assertUnswitched(desk: Desk, seen?: Observation): Promise<void> {
    const other = await this.switchedElsewhere(desk, seen);
    if (other) throw other;
  }

  /** What to stop with where the record has a switch that is not this walk's. */
  async switchedElsewhere(desk: Desk, seen?: Observation): Promise<SwitchedElsewhere | undefined> {
    const { recordHead } = seen ?? (await look(desk));
    if (recordHead === this.head) return undefined;
    const { namespace, name, record } = desk.rollout;
    const entries = await readEntries(desk.cluster, { namespace, service: name, record });
    const known = entries.findIndex(({ hash }) => hash === this.head);
    const foreign = entries
      .slice(known + 1)
      .findLast((entry) => !NO_MOVE.includes(entry.action) && isGenuine(entry, desk));
    if (foreign) return new SwitchedElsewhere(takenOverBy(foreign, desk), foreign);
    this.head = recordHead;
    return undefined;
  }

  /** What the routes do that is neither from before nor from after the step, nor as the walk found it. */
  private movedBySomebody({ situation }: Observation, journal: Journal): string | undefined {
    const routes = situation.routes.filter(
      (route) => this.hasMoved || !this.found.some((found) => isDeepStrictEqual(found, route)),
    );
    return differences({ ...situation, routes, journal })[0];
  }
}

function isGenuine(entry: RecordEntry, desk: Desk): boolean {
  const { forgeryOf, recordKey } =
    require("../../rollout/record/genuine") as typeof import("../../rollout/record/genuine");
  const pem = desk.publicKey();
  return forgeryOf(entry, desk.rollout.name, pem === undefined ? undefined : recordKey(pem)) === undefined;
}

export function takenOverBy({ action, by: whoever }: RecordEntry, { store }: Desk): string {
  const by = plainText(whoever);
  const commands: Partial<Record<Action, string>> = { "rolled-back": "rollback", aborted: "abort" };
  const command = commands[action];
  const who = command ? `\`slipway ${command}\` of ${by}` : `a command of ${by} (\`${action}\`)`;
  const remedy = store.sharedFile ? `; take the ${store.sharedFile} that it wrote` : "";
  return `${who} on another machine took the service over; this one stops${remedy}`;
}
