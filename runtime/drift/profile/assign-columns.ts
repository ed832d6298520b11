import type { Datatype } from "../../dataplane/datatypes";
import type { TensorSpec } from "../../models/signature";
import { DataMistake, type DataColumn } from "../readers/source";

/** Where an input's values come from. */
export interface InputColumns {
  readonly name: string;
  readonly datatype: Datatype;
  /** Of one row, with the sizes that the data gives to free dimensions. */
  readonly rowShape: readonly number[];
  /** Elements of one row. */
  readonly width: number;
  /** One that holds vectors, or one for each element. */
  readonly columns: readonly string[];
}

export interface Assignment {
  readonly inputs: readonly InputColumns[];
  /** Inputs that the data says nothing of. */
  readonly without: readonly string[];
  /** Sentences on what a person may not have expected. */
  readonly notes: readonly string[];
}

export interface AssignOptions {
  /** What sentences call the data. */
  readonly named: string;
  /** `COLUMN=input:NAME` or `COLUMN=input:NAME[i]`. */
  readonly map: readonly string[];
  /** Columns that are no input's, e.g. the label. */
  readonly ignore: readonly string[];
  /** Whether inputs may be without a column. */
  readonly partly: boolean;
}

type Input = TensorSpec<Datatype>;

/** Columns that a sentence lists. */
const MOST_LISTED = 12;

/**
 * Finds every input's columns: as `--map` says, else the one of its name, else those of its elements' names (`name[0]` or
 * `name_0`, and so on). If no name is an input's, a model's only input takes the columns in their order, where they are as
 * many as its elements.
 * @throws DataMistake in one sentence
 */
export function assignColumns(
  inputs: readonly Input[],
  columns: readonly DataColumn[],
  options: AssignOptions,
): Assignment {
  const { named, ignore, partly } = options;
  const known = new Map(columns.map((column) => [column.name, column]));
  const list = listed(columns.map(({ name }) => name));
  const unknown = ignore.find((name) => !known.has(name));
  if (unknown !== undefined)
    throw new DataMistake(`\`--ignore\` (${unknown}) is no column of ${named}, which has ${list}.`);
  const mapped = readMap(inputs, known, options, list);
  const usable = columns.filter(({ name }) => !ignore.includes(name) && !mapped.columns.has(name));
  const byName = new Map(usable.map((column) => [column.name, column]));
  const found: InputColumns[] = [];
  const without: string[] = [];
  for (const input of inputs) {
    const own = mapped.targets.get(input.name) ?? new Map<number | undefined, DataColumn>();
    const assigned = columnsOf(input, own, byName, named);
    if (assigned === undefined) without.push(input.name);
    else found.push(assigned);
  }
  if (found.length === 0 && inputs.length === 1 && mapped.columns.size === 0) {
    const inOrder = takenInOrder(inputs[0]!, usable, named);
    if (inOrder !== undefined) {
      const notes =
        inOrder.columns.length > 1
          ? [
              `No column is named after the input \`${inputs[0]!.name}\`: its ${inOrder.width} elements are taken from the columns in their order (${listed(inOrder.columns)}).`,
            ]
          : [];
      return { inputs: [inOrder], without: [], notes };
    }
  }
  if (found.length === 0 || (without.length > 0 && !partly)) {
    const input = inputs.find(({ name }) => name === without[0])!;
    throw new DataMistake(
      `${named} has no column for the input \`${input.name}\` (${input.datatype} [${input.shape.join(", ")}]); it has ${list}. Name ${elementCount(input) === 1 ? "it" : "its elements' columns"} with \`--map COLUMN=input:${input.name}${elementCount(input) === 1 ? "" : "[i]"}\`.`,
    );
  }
  const used = new Set(found.flatMap((each) => each.columns));
  const unused = columns.filter(({ name }) => !used.has(name) && !ignore.includes(name));
  const notes =
    unused.length > 0 ? [`Columns that are no input's: ${listed(unused.map(({ name }) => name))}.`] : [];
  return { inputs: found, without, notes };
}

interface MappedColumns {
  /** Columns that are spoken for. */
  readonly columns: ReadonlySet<string>;
  /** By input, then by element; undefined for the whole input. */
  readonly targets: ReadonlyMap<string, ReadonlyMap<number | undefined, DataColumn>>;
}

function readMap(
  inputs: readonly Input[],
  known: ReadonlyMap<string, DataColumn>,
  { map, named }: AssignOptions,
  list: string,
): MappedColumns {
  const columns = new Set<string>();
  const targets = new Map<string, Map<number | undefined, DataColumn>>();
  for (const entry of map) {
    const at = entry.lastIndexOf("=input:");
    if (at < 1)
      throw new DataMistake(`\`--map\` (${entry}) must be COLUMN=input:NAME or COLUMN=input:NAME[i].`);
    const column = known.get(entry.slice(0, at));
    if (column === undefined)
      throw new DataMistake(`\`--map\` (${entry}) names a column that ${named} lacks; it has ${list}.`);
    const target = entry.slice(at + "=input:".length);
    const [, base = "", index] = /^(.*)\[(\d+)\]$/s.exec(target) ?? [];
    const whole = inputs.find(({ name }) => name === target);
    const input = whole ?? inputs.find(({ name }) => index !== undefined && name === base);
    if (input === undefined)
      throw new DataMistake(
        `\`--map\` (${entry}) names an input that the model lacks; it has ${listed(inputs.map(({ name }) => name))}.`,
      );
    const element = whole ? undefined : Number(index);
    const count = elementCount(input);
    if (element !== undefined && count !== undefined && element >= count)
      throw new DataMistake(
        `\`--map\` (${entry}) names an element that \`${input.name}\` lacks; it has [0] to [${count - 1}].`,
      );
    const ofInput = targets.get(input.name) ?? new Map<number | undefined, DataColumn>();
    if (ofInput.has(element)) throw new DataMistake(`\`--map\` gives \`input:${target}\` two columns.`);
    targets.set(input.name, ofInput.set(element, column));
    columns.add(column.name);
  }
  return { columns, targets };
}

function columnsOf(
  input: Input,
  mapped: ReadonlyMap<number | undefined, DataColumn>,
  byName: ReadonlyMap<string, DataColumn>,
  named: string,
): InputColumns | undefined {
  const whole = mapped.get(undefined) ?? (mapped.size === 0 ? byName.get(input.name) : undefined);
  if (whole !== undefined) return withShape(input, [whole.name], whole.width, named);
  const element = (i: number) =>
    mapped.get(i) ?? byName.get(`${input.name}[${i}]`) ?? byName.get(`${input.name}_${i}`);
  const count = elementCount(input);
  const columns: string[] = [];
  let missing: number | undefined;
  for (let i = 0; i < (count ?? Infinity); i++) {
    const column = element(i);
    if (column === undefined) {
      if (count === undefined) break;
      missing ??= i;
      // Whether any is there decides between an input without columns and one that lacks some.
      continue;
    }
    if (column.width !== 1)
      throw new DataMistake(
        `${named} has ${column.width} elements in each row of \`${column.name}\`, but it stands for one element of \`${input.name}\`.`,
      );
    columns.push(column.name);
  }
  if (columns.length === 0) return undefined;
  if (missing !== undefined)
    throw new DataMistake(
      `${named} has columns for ${columns.length} of the ${count} elements of the input \`${input.name}\`, but none for \`${input.name}[${missing}]\`; name it with \`--map COLUMN=input:${input.name}[${missing}]\`.`,
    );
  return withShape(input, columns, columns.length, named);
}

function takenInOrder(input: Input, columns: readonly DataColumn[], named: string): InputColumns | undefined {
  const names = columns.map(({ name }) => name);
  const [only] = columns;
  if (columns.length === 1) return withShape(input, names, only!.width, named);
  const flat = columns.every(({ width }) => width === 1);
  return flat && columns.length === elementCount(input)
    ? withShape(input, names, names.length, named)
    : undefined;
}

/** Dimensions of one row: the first is the batch's where it is free, else all of them are the row's. */
function rowDimensions({ shape }: Input): readonly number[] {
  return shape[0] === -1 ? shape.slice(1) : shape;
}

/** Elements of one row; undefined where a dimension is free. */
function elementCount(input: Input): number | undefined {
  const dimensions = rowDimensions(input);
  return dimensions.includes(-1) ? undefined : dimensions.reduce((product, size) => product * size, 1);
}

function withShape(input: Input, columns: readonly string[], width: number, named: string): InputColumns {
  const dimensions = rowDimensions(input);
  const free = dimensions.filter((size) => size === -1).length;
  const fixed = dimensions.reduce((product, size) => (size === -1 ? product : product * size), 1);
  const size = width / fixed;
  if (free === 0 ? size !== 1 : free > 1 ? width !== 1 : !Number.isInteger(size))
    throw new DataMistake(
      `${named} has ${width} elements in each row for the input \`${input.name}\`, which has the shape [${input.shape.join(", ")}]${free > 1 ? " and more than one free dimension" : ""}.`,
    );
  const rowShape = dimensions.map((each) => (each === -1 ? size : each));
  return { name: input.name, datatype: input.datatype, rowShape, width, columns };
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST_LISTED).map((name) => `\`${name}\``);
  const more = names.length - shown.length;
  return `${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
