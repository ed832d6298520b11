import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Desk } from "../../../../cli/rollout/desk";
import type { TrafficEngine } from "../../../../cli/rollout/engine";
import { JournalFile } from "../../../../cli/rollout/journal-file";
import { TrafficCluster } from "../../../../cli/rollout/kubernetes";
import { localTrafficStore } from "../../../../cli/rollout/traffic-store";
import type { Slot } from "../../../../rollout/declaration";
import type { RecordEntry } from "../../../../rollout/record/entry";
import type { PublishedRollout, PublishedSlot } from "../../../../rollout/published";
import { initialState, type TrafficState } from "../../../../rollout/traffic-state";
import { FakeApi } from "./fake-api";
import {
  applyState,
  makeCluster,
  makeRecord,
  PUBLIC_KEY,
  published,
  SIGNING_KEY,
  type FakeService,
} from "./fake-service";

/** What a program that was killed does: nothing, from then on. */
export class Killed extends Error {}

/** A stack, its cluster and the files of this machine: what outlives a command. */
export class FakeWorld {
  readonly api = new FakeApi();
  rollout: PublishedRollout;
  /** What the stack's last update published. */
  recorded: TrafficState;
  now = Date.parse("2026-03-01T12:00:00.000Z");
  readonly notes: string[] = [];
  /** Titles of the updates that were run. */
  readonly updates: string[] = [];
  /** Called where an update begins; an error is the engine's. */
  onUpdate: (state: TrafficState) => void = () => {};
  /** Called whenever somebody sleeps. */
  onSleep: () => void = () => {};
  private lock = Promise.resolve();
  private readonly dir = mkdtempSync(join(tmpdir(), "slipway-switch-"));
  private readonly before = process.env.SLIPWAY_STATE_DIR;

  constructor(service: FakeService) {
    process.env.SLIPWAY_STATE_DIR = this.dir;
    this.rollout = published(service);
    this.recorded = this.rollout.traffic;
    applyState(this.api, this.rollout, this.recorded);
    makeRecord(this.api);
    makeCluster(this.api, "made-first");
  }

  end(): void {
    rmSync(this.dir, { recursive: true, force: true });
    if (this.before === undefined) delete process.env.SLIPWAY_STATE_DIR;
    else process.env.SLIPWAY_STATE_DIR = this.before;
  }

  /** An update gave a slot other models, and its pods are ready. */
  fill(slot: Slot, model: Partial<PublishedSlot["models"][number]>): void {
    const { slots } = this.rollout;
    const models = slots[slot]!.models.map((old) => ({ ...old, ...model }));
    this.rollout = { ...this.rollout, slots: { ...slots, [slot]: { ...slots[slot], models } } };
  }

  get declared(): TrafficState | undefined {
    return localTrafficStore("local").read()[this.rollout.name];
  }

  get journal(): JournalFile {
    return new JournalFile("local", this.rollout.name);
  }

  get entries(): RecordEntry[] {
    const { data = {} } = this.api.get("ConfigMap", `${this.rollout.name}-rollout-record`)!;
    return Object.keys(data)
      .sort()
      .map((key) => JSON.parse(data[key]!) as RecordEntry);
  }

  /**
   * A command's view of it all.
   * @param killAt the command is dead from its so manieth lasting deed on: 1 lets it do nothing at all
   */
  desk(killAt = Infinity): Desk & { deeds: () => number } {
    let deeds = 0;
    const deed = () => {
      if (++deeds >= killAt) throw new Killed();
    };
    const journal = watched(
      this.journal,
      ["write", "remove", "claimFor", "takeOver", "retake", "releaseClaim"],
      deed,
    );
    const store = watched(localTrafficStore("local"), ["write"], deed);
    const connection = this.api.connection();
    const request = connection.request.bind(connection);
    connection.request = async (method, path, options) => {
      if (method !== "GET") deed();
      return request(method, path, options);
    };
    const engine: TrafficEngine = {
      untilAlone: async () => {},
      outputs: async () => this.outputs(),
      update: async (service, title) => {
        deed();
        this.updates.push(title);
        const state = store.read()[service] ?? initialState("blue");
        this.onUpdate(state);
        applyState(this.api, this.rollout, state, deed);
        deed();
        this.recorded = state;
        return this.outputs();
      },
    };
    return {
      deeds: () => deeds,
      profile: "local",
      by: "ana@ci",
      rollout: { ...this.rollout, traffic: this.recorded },
      cluster: new TrafficCluster(connection),
      store,
      journal,
      clock: {
        now: () => this.now,
        sleep: async (ms) => {
          this.now += ms;
          this.onSleep();
        },
      },
      engine: () => engine,
      publicKey: () => PUBLIC_KEY,
      signingKey: () => SIGNING_KEY,
      keep: () => {},
      progress: {
        start: () => ({ update() {}, done() {}, fail() {} }),
        note: (line) => void this.notes.push(line),
      },
      exclusively: async (_name, work, _waitMs, meanwhile = async () => {}) => {
        const before = this.lock;
        let [isFree, release] = [false, () => {}];
        this.lock = new Promise((resolve) => (release = resolve));
        void before.then(() => (isFree = true));
        await Promise.resolve();
        while (!isFree) {
          await meanwhile();
          await new Promise(setImmediate);
        }
        try {
          return await work();
        } finally {
          release();
        }
      },
    };
  }

  private outputs() {
    return {
      rollouts: [{ ...this.rollout, traffic: this.recorded }],
      signingKey: SIGNING_KEY,
      publicKey: PUBLIC_KEY,
    };
  }
}

/** Counts calls of some methods as lasting deeds. */
function watched<T extends object>(target: T, methods: readonly (keyof T)[], deed: () => void): T {
  return new Proxy(target, {
    get: (object, key) => {
      const value: unknown = Reflect.get(object, key);
      if (typeof value !== "function") return value;
      const bound = value.bind(object) as (...args: unknown[]) => unknown;
      if (!methods.includes(key as keyof T)) return bound;
      return (...args: unknown[]) => {
        deed();
        return bound(...args);
      };
    },
  });
}
