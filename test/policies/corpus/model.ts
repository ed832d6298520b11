import type { PlainResource } from "../../../policies/testing";

/** Where a control can be read. */
export type Source =
  | "AWS Foundational Security Best Practices"
  | "Argo Rollouts documentation"
  | "Checkov"
  | "CIS Kubernetes Benchmark"
  | "Datree"
  | "EKS best practices"
  | "Envoy Gateway documentation"
  | "Flagger documentation"
  | "Gateway API documentation"
  | "KEDA documentation"
  | "Kubernetes documentation"
  | "kube-linter"
  | "kube-score"
  | "Kubescape"
  | "NSA/CISA Kubernetes Hardening"
  | "OWASP"
  | "Pod Security Standards"
  | "Polaris"
  | "Prowler"
  | "Trivy";

/** Changes to a world: a path that begins with a role, and the value there; `undefined` takes the place away. */
export type Edits = Readonly<Record<string, unknown>>;

/** Well-configured resources that belong together, by role. The first one is what the world is about. */
export interface World {
  readonly resources: Readonly<Record<string, Declared>>;
  /** Short names for paths, such as that of the pod's spec. */
  readonly aliases?: Readonly<Record<string, string>>;
}

export interface Declared {
  readonly type: string;
  readonly props: Record<string, unknown>;
}

/** A misconfiguration and its well-configured twin, as they are written down. */
export interface TwinData {
  /** Number or name of the control in its source. */
  readonly control: string;
  readonly source: Source;
  /** What is wrong with the bad one. */
  readonly what: string;
  readonly world: () => World;
  readonly bad: Edits;
  /** @default the world as it is */
  readonly good?: Edits;
  /** Roles of the resources that a finding may name. @default what `bad` touches, and the world's first */
  readonly names?: readonly string[];
}

/** The same with its resources in full. */
export interface Twin {
  readonly id: string;
  readonly area: string;
  readonly control: string;
  readonly source: Source;
  readonly what: string;
  readonly bad: readonly PlainResource[];
  readonly good: readonly PlainResource[];
  /** Pulumi names of the resources that a finding may name. */
  readonly names: readonly string[];
}

/** Twins of one source: each row is the control, what is wrong, the world, the bad edits and, at times, the good ones. */
export type Row = readonly [
  control: string,
  what: string,
  world: () => World,
  bad: Edits,
  more?: Pick<TwinData, "good" | "names">,
];

export function from(source: Source, rows: readonly Row[]): TwinData[] {
  return rows.map(([control, what, world, bad, more]) => ({ control, source, what, world, bad, ...more }));
}

/** @param position its place in the area, part of the id */
export function assemble(area: string, data: TwinData, position: number): Twin {
  const { control, source, what, world, bad, good = {} } = data;
  const roles = data.names ?? [
    ...Object.keys(bad).map((path) => roleOf(world(), path)),
    rolesOf(world())[0]!,
  ];
  return {
    id: `${area}-${String(position + 1).padStart(3, "0")}`,
    area,
    control,
    source,
    what,
    bad: edited(world(), bad),
    good: edited(world(), good),
    names: [...new Set(roles)],
  };
}

const rolesOf = (world: World): string[] => Object.keys(world.resources);

function stepsOf(world: World, path: string): string[] {
  const [first = "", ...rest] = path.split(".");
  const alias = world.aliases?.[first];
  return [...(alias === undefined ? [first] : alias.split(".")), ...rest];
}

const roleOf = (world: World, path: string): string => stepsOf(world, path)[0]!;

function edited(world: World, edits: Edits): PlainResource[] {
  const resources = structuredClone(world.resources) as Record<string, Declared>;
  for (const [path, value] of Object.entries(edits)) apply(resources, stepsOf(world, path), value, path);
  return Object.entries(resources).map(([name, { type, props }]) => ({ type, name, props }));
}

function apply(resources: Record<string, Declared>, steps: string[], value: unknown, path: string): void {
  const [role = "", ...keys] = steps;
  if (keys.length === 0) {
    if (value === undefined) delete resources[role];
    else resources[role] = structuredClone(value) as Declared;
    return;
  }
  if (!resources[role]) throw new Error(`${path}: the world has no \`${role}\``);
  let owner: Record<string, unknown> = resources[role].props;
  const last = keys.pop()!;
  keys.forEach((key, i) => {
    owner[key] ??= /^\d+$/.test(keys[i + 1] ?? last) ? [] : {};
    owner = owner[key] as Record<string, unknown>;
  });
  if (value === undefined) delete owner[last];
  else owner[last] = structuredClone(value);
}
