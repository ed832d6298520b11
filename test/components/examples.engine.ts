import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import * as components from "../../components";
import { projectRoot } from "../../toolchain/paths";
import { classExample } from "./support/doc-comments";

const INDEX = join(projectRoot, "components/index.ts");

/** Each exported component with the file, below components/, that declares it. */
function exportedClasses(): [name: string, file: string][] {
  const source = readFileSync(INDEX, "utf8");
  return Object.keys(components)
    .filter((name) => /^[A-Z]/.test(name))
    .map((name) => {
      const file = new RegExp(`^export \\{[^}]*\\b${name}\\b[^}]*\\} from "\\./(.*)";$`, "m").exec(
        source,
      )?.[1];
      assert.ok(file, name);
      return [name, `${file}.ts`];
    });
}

/** Everything that the package exports, types too. */
const EXPORTED = [...readFileSync(INDEX, "utf8").matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(
  ([, names]) => names!.split(",").flatMap((name) => name.trim() || []),
);

/** An example as its reader would write it: what it uses is imported. */
function programOf(code: string): string {
  const used = EXPORTED.filter((name) => new RegExp(`\\b${name}\\b`).test(code));
  const pulumi = /\bpulumi\./.test(code) ? 'import * as pulumi from "@pulumi/pulumi";\n' : "";
  return `${pulumi}import { ${used.join(", ")} } from "./index";\n${code}\nexport {};\n`;
}

/** What the compiler has to say of files that exist only here, each beside components/index.ts. */
function complaints(files: ReadonlyMap<string, string>): string[] {
  const config = join(projectRoot, "tsconfig.json");
  const { config: json } = ts.readConfigFile(config, (path) => ts.sys.readFile(path)) as { config: object };
  const { options } = ts.parseJsonConfigFileContent(
    { ...json, files: [INDEX], include: [] },
    ts.sys,
    projectRoot,
  );
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (path) => files.has(path) || fileExists.call(host, path);
  host.readFile = (path) => files.get(path) ?? readFile.call(host, path);
  host.getSourceFile = (path, languageVersion, ...rest) => {
    const text = files.get(path);
    return text === undefined
      ? getSourceFile.call(host, path, languageVersion, ...rest)
      : ts.createSourceFile(path, text, languageVersion);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files.keys()].flatMap((path) => {
    const source = program.getSourceFile(path);
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return found.map(({ messageText }) => `${path}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`);
  });
}

describe("the examples in doc comments", function () {
  this.timeout(120_000);

  it("are there for every component", () => {
    const without = exportedClasses().filter(([name, file]) => classExample(file, name) === undefined);
    assert.deepEqual(without, []);
  });

  it("compile as they stand, and would be found out", () => {
    const file = (name: string) => join(dirname(INDEX), `example-of-${name}.ts`);
    const examples = exportedClasses().map(([name, declared]): [string, string] => [
      file(name),
      programOf(classExample(declared, name) ?? ""),
    ]);
    const wrong = 'export const authority = new CertificateAuthority("authority", { color: "red" });';
    const found = complaints(new Map([...examples, [file("a-mistake"), programOf(wrong)]]));
    assert.deepEqual(found, [
      `${file("a-mistake")}: Object literal may only specify known properties, and 'color' does not exist in type 'CertificateAuthorityArgs'.`,
    ]);
  });
});
