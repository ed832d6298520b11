import { Command } from "commander";

/** The server parses its own flags, so that the image and the checkout take the very same ones. */
function delegate(name: string, description: string, run: (argv: string[]) => Promise<void>): Command {
  return new Command(name)
    .description(description)
    .allowUnknownOption()
    .passThroughOptions()
    .helpOption(false)
    .argument("[flags...]")
    .action(async (_flags, _options, command: Command) => run(command.args));
}

export function serveCommand(): Command {
  return delegate(
    "serve",
    "run the inference server alone, without Kubernetes (--help lists its flags)",
    async (argv) => {
      const { runServe } = require("../../runtime/main") as typeof import("../../runtime/main");
      await runServe(argv);
    },
  );
}

export function pullCommand(): Command {
  return delegate("pull", "fetch models and verify their digests (--help lists its flags)", async (argv) => {
    const { runPull } = require("../../runtime/main") as typeof import("../../runtime/main");
    await runPull(argv);
  });
}

export function apiKeyCommand(): Command {
  return delegate(
    "api-key",
    "make an API key for the inference server (--help lists its flags)",
    async (argv) => {
      const { runApiKey } = require("../../runtime/main") as typeof import("../../runtime/main");
      await runApiKey(argv);
    },
  );
}
