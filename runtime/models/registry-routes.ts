import type { RegisteredModel } from "./registry-model";
import type { Servable } from "./servable";

/** What requests for one model find at once. */
interface Found {
  /** For requests without a version; undefined where the one to take has to be loaded first. */
  readonly latest: Servable | undefined;
  /** By version and by label. */
  readonly named: ReadonlyMap<string, Servable>;
}

/** Finds loaded versions with one look-up; everything else is for the registry to find out. */
export class Routes {
  private readonly models = new Map<string, Found>();

  /** The version to run; undefined where that is not plain. */
  find(name: string, version: string | undefined): Servable | undefined {
    const found = this.models.get(name);
    if (found === undefined) return undefined;
    const servable = version === undefined || version === "" ? found.latest : found.named.get(version);
    return servable !== undefined && servable.unavailable === undefined ? servable : undefined;
  }

  /** Follows what has become of a model's versions. */
  refresh({ name, versions, labels }: RegisteredModel): void {
    const named = new Map<string, Servable>();
    for (const { version, servable } of versions) if (servable) named.set(version, servable);
    for (const [label, version] of labels) {
      const servable = named.get(version);
      if (servable) named.set(label, servable);
    }
    // One whose workers have died may be back at any time, one that stands by may be loaded: both are looked at again.
    const highest = [...versions]
      .reverse()
      .find(({ servable, standby }) => servable !== undefined || standby);
    this.models.set(name, { latest: highest?.servable, named });
  }

  clear(): void {
    this.models.clear();
  }
}
