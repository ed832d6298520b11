/** What a condition says of a request: answered with this status, at a path for which each comparison turns out as given. */
interface Answered {
  readonly code: number;
  readonly paths: readonly boolean[];
}

type Condition = (answered: Answered) => boolean;

const COMPARISONS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  "==": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  ">=": (a, b) => a >= b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  "<": (a, b) => a < b,
};

const STATUS = /^response\.code\s*(==|!=|>=|<=|>|<)\s*(\d+)/;
const PATH =
  /^request\.(?:url_)?path\s*(?:[=!]=\s*(?:'[^']*'|"[^"]*")|\.(?:startsWith|endsWith|contains|matches)\(\s*(?:'[^']*'|"[^"]*")\s*\))/;

/** Comparisons of paths in one filter, more than anybody writes. */
const MOST_PATHS = 6;

/** Statuses of which a log without a trace would be one with a gap. */
const STATUSES = [200, 201, 204, 206, 301, 302, 304, 307, 400, 401, 403, 404, 409, 413, 422, 429];
const FAULTS = [500, 501, 502, 503, 504];

/** Reads a filter that speaks of status and path alone; undefined for every other. */
class Reader {
  paths = 0;
  private rest: string;

  constructor(text: string) {
    this.rest = text.trim();
  }

  read(): Condition | undefined {
    const condition = this.either();
    return this.rest === "" && this.paths <= MOST_PATHS ? condition : undefined;
  }

  private take(pattern: RegExp): RegExpExecArray | undefined {
    const found = pattern.exec(this.rest);
    if (!found) return undefined;
    this.rest = this.rest.slice(found[0].length).trimStart();
    return found;
  }

  private either(): Condition | undefined {
    return this.joined(
      /^\|\|/,
      () => this.both(),
      (a, b) => (one) => a(one) || b(one),
    );
  }

  private both(): Condition | undefined {
    return this.joined(
      /^&&/,
      () => this.single(),
      (a, b) => (one) => a(one) && b(one),
    );
  }

  private joined(
    sign: RegExp,
    next: () => Condition | undefined,
    join: (a: Condition, b: Condition) => Condition,
  ): Condition | undefined {
    let left = next();
    while (left && this.take(sign)) {
      const right = next();
      left = right && join(left, right);
    }
    return left;
  }

  private single(): Condition | undefined {
    if (this.take(/^!(?!=)/)) {
      const negated = this.single();
      return negated && ((one) => !negated(one));
    }
    if (this.take(/^\(/)) {
      const inner = this.either();
      return this.take(/^\)/) ? inner : undefined;
    }
    const status = this.take(STATUS);
    if (status) {
      const compare = COMPARISONS[status[1]!]!;
      return ({ code }) => compare(code, Number(status[2]));
    }
    if (!this.take(PATH)) return undefined;
    const index = this.paths++;
    return ({ paths }) => paths[index] === true;
  }
}

/** Whether requests that were answered with a status are written down, at some path at least. */
function keeps(filter: string, code: number): boolean {
  const reader = new Reader(filter);
  const condition = reader.read();
  if (!condition) return false;
  return Array.from({ length: 2 ** reader.paths }, (_, bits) =>
    Array.from({ length: reader.paths }, (_path, i) => ((bits >> i) & 1) === 1),
  ).some((paths) => condition({ code, paths }));
}

/**
 * Statuses that no filter of an access log keeps, of which one that is true is enough. Paths may be left out, such as those of
 * probes. A filter by anything else keeps nothing that can be relied on: a header is the caller's choice.
 */
export function statusesWithoutTrace(filters: readonly string[]): readonly number[] {
  return [...STATUSES, ...FAULTS].filter((code) => !filters.some((filter) => keeps(filter, code)));
}
