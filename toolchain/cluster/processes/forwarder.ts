import { buildSync } from "esbuild";
import { join } from "node:path";
import { writeIfChanged } from "../write-file";
import type { Component } from "./component";

const ENTRY = join(__dirname, "..", "forwarder", "main.ts");

export const forwarder: Component = ({ layout, forwardings }) => {
  // One plain script: it needs less memory than a process that compiles, and goes on running when the checkout changes.
  const script = join(layout.config, "forwarder.js");
  const bundle = buildSync({
    entryPoints: [ENTRY],
    bundle: true,
    platform: "node",
    target: "node20",
    write: false,
  });
  writeIfChanged(script, bundle.outputFiles[0]!.text);
  const settings = join(layout.config, "forwardings.json");
  writeIfChanged(settings, JSON.stringify(forwardings), 0o600);
  return {
    name: "forwarder",
    command: process.execPath,
    args: ["--max-semi-space-size=1", script, settings],
    files: [script, settings],
    network: "host",
  };
};
