import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** One output property of a resource class. */
export interface OutputType {
  /** May be absent: then the cloud does not fill it in either. */
  readonly optional: boolean;
  readonly kind: "string" | "number" | "boolean" | "list" | "object";
}

/** What the SDK's own sources tell of a resource type. */
export interface ResourceType {
  readonly inputs: ReadonlySet<string>;
  readonly required: readonly string[];
  readonly outputs: ReadonlyMap<string, OutputType>;
  /** Properties whose documentation says that a change makes a new resource. */
  readonly replaceOnChange: ReadonlySet<string>;
}

/** Reads the Node SDK of a provider, which is generated and therefore regular: no schema is shipped with it. */
export class SdkTypes {
  private readonly known = new Map<string, ResourceType | undefined>();

  /** @param folder of the npm package; `undefined` where it is not installed, e.g. for a program in another language */
  constructor(private readonly folder: string | undefined) {}

  /** Finds the package as a program in the given folder would. */
  static find(packageName: string, programFolder: string): SdkTypes {
    try {
      const require = createRequire(join(programFolder, "program.js"));
      return new SdkTypes(dirname(require.resolve(`${packageName}/package.json`)));
    } catch {
      return new SdkTypes(undefined);
    }
  }

  /** `undefined` for a type that the SDK does not have. */
  describe(type: string): ResourceType | undefined {
    if (!this.known.has(type)) this.known.set(type, this.read(type));
    return this.known.get(type);
  }

  private read(type: string): ResourceType | undefined {
    const [, module, name] = /^[^:]+:(?:index\/)?([\w/-]+):(\w+)$/.exec(type) ?? [];
    if (this.folder === undefined || module === undefined || name === undefined) return undefined;
    // e.g. `aws:s3/bucket:Bucket` lies in s3/bucket.js, `docker:index/image:Image` in image.js, and
    // `command:local:Command`, whose token names a folder alone, in local/command.js.
    const file = name.charAt(0).toLowerCase() + name.slice(1);
    const base = [join(this.folder, module), join(this.folder, module, file)].find(
      (path) => existsSync(`${path}.js`) && existsSync(`${path}.d.ts`),
    );
    if (base === undefined) return undefined;
    return parseResource(readFileSync(`${base}.js`, "utf8"), readFileSync(`${base}.d.ts`, "utf8"));
  }
}

function kindOf(type: string): OutputType["kind"] {
  if (type.endsWith("[]")) return "list";
  return type === "string" || type === "number" || type === "boolean" ? type : "object";
}

function names(source: string, pattern: RegExp): string[] {
  return [...source.matchAll(pattern)].flatMap(([, name]) => (name === undefined ? [] : [name]));
}

/** Exported for its test: reads the JavaScript and the declarations of one generated resource class. */
export function parseResource(script: string, declarations: string): ResourceType {
  const outputs = new Map<string, OutputType>();
  const replaceOnChange = new Set<string>();
  const property = /(\/\*\*(?:(?!\*\/)[^])*\*\/\s*)?readonly (\w+): pulumi\.Output<([^]*?)>;\n/g;
  for (const [, documentation = "", name = "", type = ""] of declarations.matchAll(property)) {
    const optional = /\|\s*undefined\s*$/.test(type);
    outputs.set(name, { optional, kind: kindOf(type.replace(/\s*\|\s*undefined\s*$/, "")) });
    if (/forces? (?:a |the )?(?:new|replacement|recreation)/i.test(documentation)) replaceOnChange.add(name);
  }
  return {
    inputs: new Set(names(script, /resourceInputs\["(\w+)"\] = [^;\n]*\bargs\b/g)),
    required: names(script, /Missing required property '(\w+)'/g),
    outputs,
    replaceOnChange,
  };
}
