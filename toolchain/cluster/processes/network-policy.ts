import { readFileSync, readdirSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { projectRoot } from "../../paths";
import { kubeconfigFor } from "../kubeconfig";
import { POD_CIDR } from "../settings";
import { writeIfChanged } from "../write-file";
import type { Component } from "./component";

const ENGINE = join(__dirname, "..", "network-policy");

export const networkPolicy: Component = ({ layout, pki }) => {
  const kubeconfig = join(layout.config, "network-policy.kubeconfig");
  writeIfChanged(kubeconfig, kubeconfigFor(pki.ca, pki.networkPolicy, "slipway:network-policy"), 0o600);
  return {
    name: "network-policy",
    command: process.execPath,
    args: ["-r", "tsx/cjs", join(ENGINE, "main.ts"), "--kubeconfig", kubeconfig, "--pod-cidr", POD_CIDR],
    // Compiled as it starts, so a change of its sources must restart it.
    env: { SLIPWAY_SOURCES: digestOfSources() },
    cwd: projectRoot,
    files: [kubeconfig],
  };
};

function digestOfSources(): string {
  const hash = createHash("sha256");
  for (const file of readdirSync(ENGINE).sort()) hash.update(file).update(readFileSync(join(ENGINE, file)));
  return hash.digest("hex").slice(0, 16);
}
