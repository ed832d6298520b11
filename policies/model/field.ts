import { isUnknown, UnknownRead } from "./unknown";

/**
 * A place in the properties of a resource: the value there, if any, and the path that leads to it.
 *
 * Reading never fails on a wrong type: a typed reader gives `undefined` for a value of another type. Reading a
 * value that the preview does not know throws `UnknownRead`, which ends the judgement of the subject at hand as
 * indeterminate. So a rule cannot take an unknown value for an absent one.
 */
export class Field {
  constructor(
    private readonly raw: unknown,
    readonly path: string = "",
  ) {}

  /** The field below; a field below an unknown value is unknown itself. */
  get(...keys: readonly string[]): Field {
    let value = this.raw;
    let path = this.path;
    for (const key of keys) {
      path = path === "" ? key : `${path}.${key}`;
      if (!isUnknown(value)) value = isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
    }
    return new Field(value, path);
  }

  get isUnknown(): boolean {
    return isUnknown(this.raw);
  }

  /** The fields that a path leads to, where a step `*` stands for every item or entry. @throws UnknownRead at a `*` */
  all(path: readonly string[]): Field[] {
    return path.reduce<Field[]>(
      (fields, step) =>
        step === "*" ? fields.flatMap((field) => field.children()) : fields.map((field) => field.get(step)),
      [this],
    );
  }

  /** This value as the member of an object, for what is read where an object usually stands around it. */
  within(key: string): Field {
    return this.raw === undefined || this.raw === null || this.isUnknown
      ? this
      : new Field({ [key]: this.raw }, this.path);
  }

  private children(): Field[] {
    return Array.isArray(this.value()) ? this.items() : this.entries().map(([, field]) => field);
  }

  /** The value as it is. @throws UnknownRead */
  value(): unknown {
    if (isUnknown(this.raw)) throw new UnknownRead(this.path);
    return this.raw;
  }

  /** Whether anything but null stands here. @throws UnknownRead */
  exists(): boolean {
    const value = this.value();
    return value !== undefined && value !== null;
  }

  string(): string | undefined {
    const value = this.value();
    return typeof value === "string" ? value : undefined;
  }

  number(): number | undefined {
    const value = this.value();
    return typeof value === "number" ? value : undefined;
  }

  isTrue(): boolean {
    return this.value() === true;
  }

  /** Absent, null or exactly `false`: a switch that is off. A wrong type counts as on. */
  isOff(): boolean {
    return !this.exists() || this.raw === false;
  }

  /** The elements of an array; none for anything else. @throws UnknownRead */
  items(): Field[] {
    const value = this.value();
    return Array.isArray(value) ? Array.from(value, (item, i) => new Field(item, `${this.path}[${i}]`)) : [];
  }

  /** The known strings of an array. @throws UnknownRead for the array or any element */
  strings(): string[] {
    return this.items().flatMap((item) => item.string() ?? []);
  }

  /** The entries of an object; none for anything else. @throws UnknownRead */
  entries(): [string, Field][] {
    const value = this.value();
    return isRecord(value) ? Object.keys(value).map((key) => [key, this.get(key)]) : [];
  }

  /** An object of strings, such as labels, without its other members. @throws UnknownRead */
  stringMap(): Map<string, string> {
    const map = new Map<string, string>();
    for (const [key, field] of this.entries()) {
      const text = field.string();
      if (text !== undefined) map.set(key, text);
    }
    return map;
  }

  /** A text for messages that never throws. */
  show(): string {
    if (this.isUnknown) return "(not known yet)";
    if (typeof this.raw === "string") return this.raw;
    return JSON.stringify(this.raw) ?? "nothing";
  }
}

/** Whether a value has properties by name: no list, and not nothing. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
