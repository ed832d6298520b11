/** The servers that are measured: the two floors, and `slipway serve` bundled from a checkout as the image has it. */
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import type { BenchModel } from "./models";
import type { ServerCommand } from "./server-process";

const projectRoot = join(__dirname, "..");
/** Below node_modules, so that `require` finds the project's packages from there. */
const BUILD = join(projectRoot, "node_modules/.cache/slipway/bench");

/** A floor, see floors/server.ts. */
export const floor = (mode: "http" | "ort", model: string) =>
  built("server.ts", `floor-${mode}`, [mode, model]);

/** No server at all, see floors/raw-loop.ts. */
export const rawLoop = (name: string, model: BenchModel, file: string) =>
  built("raw-loop.ts", name, [model.name, file]);

function built(source: string, name: string, args: readonly string[]): ServerCommand {
  const outfile = join(BUILD, source.replace(/\.ts$/, ".js"));
  mkdirSync(BUILD, { recursive: true });
  buildSync({
    entryPoints: [join(__dirname, "floors", source)],
    outfile,
    bundle: true,
    platform: "node",
    external: ["onnxruntime-node"],
    logLevel: "error",
  });
  return {
    name,
    command: [process.execPath, outfile, ...args],
    portsIn: (line) => (line.startsWith("port ") ? { http: Number(line.slice(5)) } : undefined),
  };
}

/** Bundles the server of a checkout. @returns the folder that the image would have */
export function bundle(checkout: string, folder: string): string {
  execFileSync(process.execPath, ["-r", "tsx/cjs", "toolchain/image/bundle.ts", folder], {
    cwd: checkout,
    stdio: ["ignore", "ignore", "inherit"],
  });
  return folder;
}

/** `slipway serve` with its defaults on free ports. */
export function slipway(
  name: string,
  bundled: string,
  repository: string,
  ...options: string[]
): ServerCommand {
  const ports = ["--http-port", "0", "--grpc-port", "0", "--metrics-port", "0", "--host", "127.0.0.1"];
  const args = ["serve", "--model-repository", repository, ...ports, ...options];
  return {
    name,
    command: [process.execPath, join(bundled, "server.js"), ...args],
    portsIn: (line) =>
      line.includes(`"msg":"listening"`) ? (JSON.parse(line) as { http: number; grpc: number }) : undefined,
  };
}
