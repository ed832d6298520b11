import { setTimeout as sleep } from "node:timers/promises";
import type { Gvk } from "../kinds";
import type { KubeObject } from "../object";
import { at, listAt, nameOf, textAt } from "../object";
import type { Schema } from "./structural";

/** A kind that the program itself defines. */
export interface DefinedKind {
  readonly namespaced: boolean;
  /** `undefined` where the definition says nothing about the object's form. */
  readonly schema?: Schema;
}

/** A definition or a namespace may be registered just after what needs it: the program makes both at once. */
const LATECOMER_MS = 3_000;
const POLL_MS = 50;

async function eventually<T>(look: () => T | undefined, signal: AbortSignal): Promise<T | undefined> {
  const until = Date.now() + LATECOMER_MS;
  for (;;) {
    const found = look();
    if (found !== undefined || Date.now() >= until || signal.aborted) return found;
    await sleep(POLL_MS);
  }
}

/** What this operation's program declares, in so far as other objects depend on it. */
export class SeenObjects {
  private readonly namespaces = new Set<string>();
  private readonly kinds = new Map<string, DefinedKind>();
  private readonly names = new Set<string>();
  /** A chart may bring any namespace and any kind along; what it brings is not known here. */
  chart = false;

  add(object: KubeObject): void {
    this.names.add(nameOf(object));
    if (object.kind === "Namespace") this.namespaces.add(nameOf(object));
    if (object.kind === "CustomResourceDefinition") this.define(object);
  }

  private define(object: KubeObject): void {
    const group = textAt(object, "spec", "group") ?? "";
    const kind = textAt(object, "spec", "names", "kind") ?? "";
    const namespaced = textAt(object, "spec", "scope") !== "Cluster";
    for (const version of listAt(object, "spec", "versions")) {
      const schema = at(version, "schema", "openAPIV3Schema") as Schema | undefined;
      this.kinds.set(`${group}/${textAt(version, "name") ?? ""}/${kind}`, { namespaced, schema });
    }
  }

  kind({ group, version, kind }: Gvk): DefinedKind | undefined {
    return this.kinds.get(`${group}/${version}/${kind}`);
  }

  /** Waits a little for a definition that is on its way. */
  eventualKind(gvk: Gvk, signal: AbortSignal): Promise<DefinedKind | undefined> {
    return eventually(() => this.kind(gvk), signal);
  }

  /** Waits a little for a namespace that is on its way. */
  async eventualNamespace(name: string, signal: AbortSignal): Promise<boolean> {
    return (await eventually(() => this.namespaces.has(name) || undefined, signal)) ?? false;
  }

  /** True where the program declares an object of that name, of whatever kind. */
  hasName(name: string): boolean {
    return this.names.has(name);
  }
}
