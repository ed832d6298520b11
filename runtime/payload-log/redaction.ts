import type { ModelSpec } from "../dataplane/model-spec";
import type { Tensor } from "../dataplane/tensor";

/** What of tensors' values may be written down. */
export interface RedactionOptions {
  /** Names of tensors, `*` for all, or `name[i]` for the values at index `i` of the last dimension. */
  readonly redact: readonly string[];
  /** Values that are kept, from the beginning of a tensor. */
  readonly maxElements: number;
  /** Keep the values of BYTES too. */
  readonly text: boolean;
}

type Head = Pick<Tensor, "name" | "datatype" | "shape">;

const ELEMENT = /^(.+)\[(\d{1,9})\]$/;

/** Which values stay out: all of a tensor, or some of its last dimension's. */
export class Redaction {
  readonly maxElements: number;
  private readonly all: boolean;
  private readonly names: ReadonlySet<string>;
  private readonly elements = new Map<string, Set<number>>();
  private readonly text: boolean;

  constructor(private readonly options: RedactionOptions) {
    const { redact, maxElements, text } = options;
    this.maxElements = maxElements;
    this.text = text;
    this.all = redact.includes("*");
    // A name may itself end like that: both are left out then.
    this.names = new Set(redact);
    for (const entry of redact) {
      const [, name, index] = ELEMENT.exec(entry) ?? [];
      if (name === undefined) continue;
      const indices = this.elements.get(name) ?? new Set<number>();
      this.elements.set(name, indices.add(Number(index)));
    }
  }

  /** Further tensors or elements out, besides those that are. */
  beyond(redact: readonly string[]): Redaction {
    const { maxElements, text } = this.options;
    return new Redaction({ redact: [...this.options.redact, ...redact], maxElements, text });
  }

  /**
   * Whether an input stays out, which may be one that the model will refuse. Under a name that the model lacks anything may
   * stand, such as a tensor whose name was mistyped; and where the model's elements lie is unknown in one of another shape or
   * type.
   */
  hidesInput(tensor: Head, spec: Pick<ModelSpec, "inputs">): boolean {
    if (this.hides(tensor)) return true;
    if (this.names.size === 0) return false;
    const expected = spec.inputs.find(({ name }) => name === tensor.name);
    if (expected === undefined) return true;
    return this.elements.has(tensor.name) && !hasElementsOf(tensor, expected);
  }

  hides({ name, datatype }: { readonly name: string; readonly datatype: string }): boolean {
    return this.all || (datatype === "BYTES" && !this.text) || this.names.has(name);
  }

  /** Indices of the last dimension that stay out of a tensor whose other values do not. */
  hiddenElements(name: string): ReadonlySet<number> | undefined {
    return this.elements.get(name);
  }
}

/** Whether an index of the last dimension means the same in both. */
function hasElementsOf({ datatype, shape }: Head, expected: Omit<Head, "name">): boolean {
  const last = expected.shape.at(-1);
  return (
    datatype === expected.datatype &&
    shape.length === expected.shape.length &&
    (last === undefined || last === -1 || last === shape.at(-1))
  );
}
