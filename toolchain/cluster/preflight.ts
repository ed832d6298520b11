import { SlipwayError } from "../errors";

/** Throws one sentence where this machine cannot run the cluster at all, whatever is installed. */
export function assertMachine(): void {
  if (process.platform !== "linux") {
    throw new SlipwayError(
      `The embedded cluster runs on Linux and this is ${process.platform}: use an existing cluster with --context.`,
    );
  }
  if (process.getuid?.() !== 0) {
    throw new SlipwayError(
      "The embedded cluster makes network namespaces and containers, which only root may: run this as root, " +
        "or use an existing cluster with --context.",
    );
  }
}
