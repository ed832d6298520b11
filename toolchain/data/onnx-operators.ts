/**
 * Writes components/internal/onnx/operators.ts by asking the onnxruntime-node that package.json pins: every operator that it
 * declares, at every opset, with every element type of the first input. Its own documentation lists kernels, but not the
 * operators without kernels that it runs as a function of others, nor what it casts for.
 *   node -r tsx/cjs toolchain/data/onnx-operators.ts OperatorKernels.md "VERSION (COMMIT)" | npx prettier --parser typescript
 * The page is docs/OperatorKernels.md of github.com/microsoft/onnxruntime: it names more operators, and those that CUDA alone has.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Question } from "./onnx-declarations";
import { load } from "./onnx-load";
import { nodeModel } from "./onnx-node-model";

/** The others that onnxruntime knows hold nothing, or what it makes itself while it runs. */
const DOMAINS = ["", "ai.onnx.ml", "ai.onnx.preview", "com.microsoft", "com.microsoft.nchwc"];

/** Processes that ask at the same time. */
const ASKERS = 2;

/** No version: onnxruntime says what its newest is. */
const BEYOND = 9999;

const identity = { op: "Identity", domain: "", opset: 17, inputs: [1], outputs: 1, attributes: {} };

async function newestIr(): Promise<number> {
  const { sentence } = await load(nodeModel({ ...identity, irVersion: BEYOND }));
  return Number(/max supported IR version: (\d+)/.exec(sentence ?? "")?.[1]);
}

async function newestOpset(domain: string): Promise<number | undefined> {
  const { sentence } = await load(nodeModel({ ...identity, domain, opset: BEYOND }));
  const newest = /till opset (\d+)/.exec(sentence ?? "")?.[1];
  return newest === undefined ? undefined : Number(newest);
}

/** Texts of the library that could be names of operators. The linker keeps a text that ends another one inside of it. */
function namesIn(library: Buffer): Set<string> {
  const names = new Set<string>();
  for (const [text] of library.toString("latin1").matchAll(/[A-Za-z0-9]{2,60}(?=\0)/g)) {
    for (const { index } of text.matchAll(/[A-Z](?=.*[a-z]|[A-Z]{1,5}$)/g)) names.add(text.slice(index));
  }
  return names;
}

/** Operators that a section of the page lists, by domain. */
function documented(page: string, provider: string): Map<string, Set<string>> {
  const section = page.split(`## Operators implemented by ${provider}\n`)[1]?.split("\n## ")[0] ?? "";
  const operators = new Map<string, Set<string>>();
  for (const part of section.split("|**Operator Domain:** *").slice(1)) {
    const domain = part.slice(0, part.indexOf("*")).replace(/^ai\.onnx$/, "");
    operators.set(domain, new Set([...part.matchAll(/^\|(\w+)\|/gm)].map((match) => match[1]!)));
  }
  return operators;
}

/** The declarations of those names that are operators, in the order of the names. */
async function declarationsOf(
  names: readonly string[],
  domain: string,
  newest: number,
): Promise<[string, string][]> {
  const found = new Map<string, string>();
  const waiting = [...names];
  const ending = new Set<string>();
  const asker = async (): Promise<void> => {
    while (waiting.length > 0) {
      const child = fork(join(__dirname, "onnx-declarations.ts"), { execArgv: ["-r", "tsx/cjs"] });
      const ended = once(child, "exit").then(() => "ended" as const);
      let op: string | undefined;
      while ((op = waiting.shift()) !== undefined) {
        // Once more with fewer questions; after that nobody can tell.
        const brief = ending.has(op);
        child.send({ op, domain, newest, brief } satisfies Question);
        const reply = await Promise.race([once(child, "message"), ended]);
        if (reply === "ended") {
          console.error(`${op} of ${domain || "ai.onnx"} ended onnxruntime`);
          ending.add(op);
          if (brief) found.set(op, "1:*");
          else waiting.unshift(op);
          break;
        }
        const { answer } = reply[0] as { answer?: string };
        if (answer !== undefined) found.set(op, answer);
        if (waiting.length % 2000 === 0)
          console.error(`${domain || "ai.onnx"}: ${waiting.length} names to go`);
      }
      child.kill();
    }
  };
  await Promise.all(Array.from({ length: ASKERS }, asker));
  return names.flatMap((name) => (found.has(name) ? [[name, found.get(name)!]] : []));
}

async function main([file, source]: string[]): Promise<number> {
  if (file === undefined || source === undefined) {
    console.error('Usage: onnx-operators.ts OPERATOR-KERNELS.md "VERSION (COMMIT)"');
    return 64;
  }
  const page = readFileSync(file, "utf8");
  const folder = dirname(require.resolve("onnxruntime-node/package.json"));
  const library = readFileSync(join(folder, "bin/napi-v6/linux/x64/libonnxruntime.so.1"));
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
  const [cpu, cuda] = ["CPUExecutionProvider", "CUDAExecutionProvider"].map((name) => documented(page, name));
  if (!cpu?.size || !cuda?.size) {
    console.error(`${file} lists no operators; is it docs/OperatorKernels.md of onnxruntime?`);
    return 1;
  }
  const names = namesIn(library);
  for (const listed of [...cpu.values(), ...cuda.values()]) listed.forEach((name) => names.add(name));

  const opsets: Record<string, number> = {};
  const operators: string[] = [];
  const cudaOnly: string[] = [];
  for (const domain of DOMAINS) {
    const newest = await newestOpset(domain);
    if (newest === undefined) continue;
    const lines: string[] = [];
    const gpu: string[] = [];
    for (const [op, line] of await declarationsOf([...names].sort(), domain, newest)) {
      lines.push(`    ${op}: ${JSON.stringify(line)},`);
      // One that the page does not know at all may have come with a kernel for CUDA since.
      const known = cpu.get(domain)?.has(op) === true;
      if (line.endsWith(":") && (cuda.get(domain)?.has(op) || (domain.startsWith("com.") && !known)))
        gpu.push(op);
    }
    if (lines.length === 0) continue;
    opsets[domain] = newest;
    operators.push(`  ${JSON.stringify(domain)}: {`, ...lines, "  },");
    if (gpu.length > 0) cudaOnly.push(`  ${JSON.stringify(domain)}: ${JSON.stringify(gpu)},`);
  }
  process.stdout.write(`/**
 * What onnxruntime runs. Generated by toolchain/data/onnx-operators.ts; do not edit.
 * Source: onnxruntime-node ${version} itself, each operator loaded; for CUDA docs/OperatorKernels.md of
 * github.com/microsoft/onnxruntime ${source} (MIT).
 */

export const ONNX_RUNTIME_VERSION = ${JSON.stringify(version)};

/** Newest version of the file format (\`ir_version\`). */
export const NEWEST_IR_VERSION = ${await newestIr()};

/** Newest opset by domain; "" is ai.onnx. */
export const NEWEST_OPSETS: Readonly<Record<string, number>> = ${JSON.stringify(opsets)};

/**
 * Operators by domain: \`VERSION:TYPES\` for each declaration, the opset from which it holds and the element types of the first
 * input with which it loads on the CPU (numbers of onnx.proto in base 36, \`*\` for any); \`=\` instead of \`:\` where its first output
 * has that same type; \`VERSION!\` from where there is none.
 */
// prettier-ignore
export const OPERATORS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
${operators.join("\n")}
};

/** Operators without a kernel on the CPU that the CUDA provider runs. */
// prettier-ignore
export const CUDA_OPERATORS: Readonly<Record<string, readonly string[]>> = {
${cudaOnly.join("\n")}
};
`);
  return 0;
}

void main(process.argv.slice(2)).then((status) => (process.exitCode = status));
