import type { Gvk } from "../kinds";
import { apiVersionOf } from "../kinds";
import { isNotFound } from "./api-error";
import type { Connection } from "./connection";

/** Where the API server keeps objects of one kind. */
export interface ApiResource {
  readonly gvk: Gvk;
  /** The plural in paths, e.g. `deployments`. */
  readonly plural: string;
  readonly namespaced: boolean;
}

interface ResourceList {
  resources?: { name: string; kind: string; namespaced: boolean; group?: string; version?: string }[];
}

type Kinds = ReadonlyMap<string, ApiResource>;

/** How long an unknown kind is taken to stay unknown: CRDs appear while a program runs. */
const RECHECK_AFTER_MS = 300;

/** Which kinds the API server serves, asked once per group and version. */
export class Discovery {
  private readonly known = new Map<string, { kinds: Promise<Kinds>; at: number }>();

  constructor(private readonly connection: Connection) {}

  /** `undefined` where the server does not serve the kind. */
  async find(gvk: Gvk, signal?: AbortSignal): Promise<ApiResource | undefined> {
    const key = apiVersionOf(gvk);
    const cached = this.known.get(key);
    const found = (await cached?.kinds)?.get(gvk.kind);
    if (found) return found;
    if (cached && Date.now() - cached.at < RECHECK_AFTER_MS) return undefined;
    return (await this.load(gvk, signal)).get(gvk.kind);
  }

  /** True where the server serves any kind of this group and version. */
  async serves(gvk: Gvk, signal?: AbortSignal): Promise<boolean> {
    const cached = this.known.get(apiVersionOf(gvk));
    return (cached ? await cached.kinds : await this.load(gvk, signal)).size > 0;
  }

  /** Forgets everything: a CRD was created, changed or removed. */
  reset(): void {
    this.known.clear();
  }

  private load(gvk: Gvk, signal?: AbortSignal): Promise<Kinds> {
    const key = apiVersionOf(gvk);
    const kinds = this.list(gvk, signal);
    this.known.set(key, { kinds, at: Date.now() });
    // A failed look-up must not be remembered.
    kinds.catch(() => this.known.delete(key));
    return kinds;
  }

  private async list({ group, version }: Gvk, signal?: AbortSignal): Promise<Kinds> {
    const path = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
    try {
      const { resources = [] } = (await this.connection.request("GET", path, { signal })) as ResourceList;
      const top = resources.filter(({ name }) => !name.includes("/"));
      return new Map(
        top.map(({ name, kind, namespaced }) => [
          kind,
          { gvk: { group, version, kind }, plural: name, namespaced },
        ]),
      );
    } catch (error) {
      if (isNotFound(error)) return new Map();
      throw error;
    }
  }
}
