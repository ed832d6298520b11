/** What V8's profiles say, as far as a picture needs it. */

/** A `.cpuprofile` of V8. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
    readonly children?: readonly number[];
  }[];
  /** Microseconds, by a clock that all threads share. */
  readonly startTime: number;
  /** Node that each sample saw. */
  readonly samples: readonly number[];
  /** Microseconds between samples; the first one since the start. */
  readonly timeDeltas: readonly number[];
}

/** Microseconds by the profiles' clock. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

export type Origin = "server" | "node" | "onnxruntime" | "native";

/** A function and the time it was seen on the stack, called from its parent. */
export interface Frame {
  readonly name: string;
  readonly origin: Origin;
  /** Microseconds, what it called included. */
  time: number;
  readonly children: Map<string, Frame>;
}

/** Not a function: nothing runs. */
const WAITING = "(idle)";
/** V8's words for what has no function of JavaScript. */
const NATIVE = new Map([
  ["(program)", "native code"],
  ["(garbage collector)", "garbage collection"],
]);

const frame = (name: string, origin: Origin): Frame => ({ name, origin, time: 0, children: new Map() });

/** When a function was on the stack first and last; undefined where it never was. */
export function seen(profile: CpuProfile, functionName: string): Window | undefined {
  const callers = parents(profile);
  const named = new Set(
    profile.nodes.filter(({ callFrame }) => callFrame.functionName === functionName).map(({ id }) => id),
  );
  let from: number | undefined;
  let to = 0;
  let at = profile.startTime;
  profile.samples.forEach((id, i) => {
    at += profile.timeDeltas[i]!;
    for (let node: number | undefined = id; node !== undefined; node = callers.get(node)) {
      if (!named.has(node)) continue;
      from ??= at;
      to = at;
      return;
    }
  });
  return from === undefined ? undefined : { from, to };
}

/** What a thread did in a time, as one tree; what it waited is left out. */
export function frames(name: string, profile: CpuProfile, window: Window): Frame {
  const root = frame(name, "native");
  const byId = new Map(profile.nodes.map((node) => [node.id, node]));
  const callers = parents(profile);
  let at = profile.startTime;
  profile.samples.forEach((id, i) => {
    const elapsed = profile.timeDeltas[i]!;
    at += elapsed;
    if (at < window.from || at > window.to || byId.get(id)!.callFrame.functionName === WAITING) return;
    root.time += elapsed;
    const stack: number[] = [];
    // The topmost node is V8's own root.
    for (let node = id; callers.has(node); node = callers.get(node)!) stack.unshift(node);
    let parent = root;
    for (const node of stack) {
      const { functionName, url } = byId.get(node)!.callFrame;
      const label = NATIVE.get(functionName) ?? (functionName || "(anonymous)");
      const origin = originOf(url);
      const key = `${origin} ${label}`;
      let child = parent.children.get(key);
      if (!child) parent.children.set(key, (child = frame(label, origin)));
      child.time += elapsed;
      parent = child;
    }
  });
  return root;
}

/** Puts frames side by side below one. @param rest a share of it that was not looked into */
export function joined(name: string, part: Frame, rest: { name: string; share: number }): Frame {
  const root = frame(name, "native");
  root.time = part.time / (1 - rest.share);
  const other = { ...frame(rest.name, "onnxruntime"), time: root.time * rest.share };
  for (const child of [part, other]) root.children.set(child.name, child);
  return root;
}

function parents({ nodes }: CpuProfile): Map<number, number> {
  const callers = new Map<number, number>();
  for (const { id, children } of nodes) for (const child of children ?? []) callers.set(child, id);
  return callers;
}

function originOf(url: string): Origin {
  if (url === "") return "native";
  if (url.startsWith("node:")) return "node";
  return url.includes("/onnxruntime-") ? "onnxruntime" : "server";
}
