import { SlipwayError } from "../errors";

/** Programs that are needed together: "engine" is Pulumi, "cluster" the embedded node and helm, "helm" and "promtool" these alone. */
export type ToolGroup = "engine" | "cluster" | "helm" | "promtool";

/** The programs and files that `ensureTools` made sure of. */
export interface Tools {
  /** True where a Pulumi of the user's own is used: it downloads its own plugins, and ours stay out of its way. */
  readonly officialEngine: boolean;
  /** Absolute path of a program, e.g. "pulumi", "kube-apiserver", "envoy", "etcd"; throws for one of another group. */
  path(name: string): string;
  /** Folder that holds a Go module's charts and CRDs, laid out as in the module; see `ModuleFolders` in tool-groups. */
  moduleDir(module: string): string;
}

/** What `ensureTools` found for one or several groups. */
export interface ToolLocations {
  programs: Map<string, string>;
  modules: Map<string, string>;
  officialEngine: boolean;
}

export function toolsAt(locations: ToolLocations): Tools {
  const look = (map: Map<string, string>, kind: string, name: string): string => {
    const path = map.get(name);
    if (path !== undefined) return path;
    throw new SlipwayError(
      `The ${kind} "${name}" is not one of those asked for (${[...map.keys()].join(", ")}).`,
    );
  };
  return {
    officialEngine: locations.officialEngine,
    path: (name) => look(locations.programs, "program", name),
    moduleDir: (module) => look(locations.modules, "Go module", module),
  };
}
