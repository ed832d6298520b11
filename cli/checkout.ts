import { sep } from "node:path";
import { SlipwayError } from "../toolchain/errors";
import { projectRoot } from "../toolchain/paths";

/**
 * Throws one sentence where this is the installed package: the profiles that it carries are those of its own stacks, and
 * a command that took one of them for the stack of the project around it would speak of another.
 */
export function assertCheckout(root = projectRoot): void {
  if (!root.split(sep).includes("node_modules")) return;
  throw new SlipwayError(
    `profiles are those of a checkout of Slipway, and ${root} is the installed package; \`pulumi\` itself previews and ` +
      "updates a stack of your own (docs/own-stack.md)",
  );
}
