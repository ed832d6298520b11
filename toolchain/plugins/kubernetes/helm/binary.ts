import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { findPrograms, isExecutable } from "../../../programs";
import type { Target } from "../client/kubeconfig";

/** Names the binary where it is not on PATH. */
const HELM_VARIABLE = "SLIPWAY_HELM";

/** The `helm` to use; `undefined` where there is none. */
export function findHelm(): string | undefined {
  const named = process.env[HELM_VARIABLE];
  return named ? [named].find(isExecutable) : findPrograms("helm", [])[0];
}

/** Runs in a folder of its own, which holds the kubeconfig and values and is removed afterwards. */
export class Helm {
  constructor(
    private readonly binary: string,
    private readonly target: Target | undefined,
  ) {}

  /** @throws Error where there is no helm */
  static find(target: Target | undefined): Helm {
    const binary = findHelm();
    if (binary === undefined) {
      throw new Error(`A Helm release needs \`helm\`: put it on PATH, or its path into ${HELM_VARIABLE}.`);
    }
    return new Helm(binary, target);
  }

  /**
   * Runs helm and resolves with its stdout.
   * @param files contents by name; `args` receives their paths
   * @throws Error with what helm said
   */
  async run(
    args: (paths: { readonly [name: string]: string }) => readonly string[],
    options: { signal: AbortSignal; files?: { readonly [name: string]: string } },
  ): Promise<string> {
    const folder = mkdtempSync(join(tmpdir(), "slipway-helm-"));
    const remove = () => rmSync(folder, { recursive: true, force: true });
    // The engine may end this process in the middle of it, and here lie credentials.
    process.once("exit", remove);
    try {
      const paths: { [name: string]: string } = {};
      for (const [name, contents] of Object.entries(options.files ?? {})) {
        paths[name] = join(folder, name);
        writeFileSync(paths[name], contents, { mode: 0o600 });
      }
      const kubeconfig = join(folder, "kubeconfig");
      if (this.target) {
        const config = { ...this.target.config, "current-context": this.target.context };
        writeFileSync(kubeconfig, stringify({ apiVersion: "v1", kind: "Config", ...config }), {
          mode: 0o600,
        });
      }
      const all = [...args(paths), ...(this.target ? ["--kubeconfig", kubeconfig] : [])];
      return await this.execute(all, options.signal);
    } finally {
      process.removeListener("exit", remove);
      remove();
    }
  }

  private execute(args: readonly string[], signal: AbortSignal): Promise<string> {
    return new Promise((resolve, reject) => {
      const options = { signal, maxBuffer: 256 * 1024 * 1024, encoding: "utf8" } as const;
      execFile(this.binary, args, options, (error, stdout, stderr) => {
        if (!error) return resolve(stdout);
        const said = stderr.trim().replace(/^Error: /m, "");
        reject(new Error(said || error.message));
      });
    });
  }
}
