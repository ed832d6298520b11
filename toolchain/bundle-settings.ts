import type { BuildOptions } from "esbuild";

/** How a program and all that it imports become one file for Node: the server in its image, the engine's plugins. */
export const NODE_BUNDLE = {
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  logLevel: "silent",
} as const satisfies BuildOptions;
