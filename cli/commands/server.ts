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

export function consumeCommand(): Command {
  return delegate(
    "consume",
    "run it and answer the requests of a Kafka topic or a RabbitMQ queue (--help lists its flags)",
    async (argv) => {
      const { runConsume } = require("../../runtime/main") as typeof import("../../runtime/main");
      await runConsume(argv);
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

export function gateCommand(): Command {
  return delegate(
    "gate",
    "judge a candidate's answers, as the Jobs of quality and drift gates do (--help lists its flags)",
    async (argv) => {
      const { runGate } = require("../../runtime/main") as typeof import("../../runtime/main");
      await runGate(argv);
    },
  );
}

export function compareCommand(): Command {
  return delegate(
    "compare",
    "compare the answers that both slots gave to the same requests (--help lists its flags)",
    async (argv) => {
      const { runCompare } = require("../../runtime/main") as typeof import("../../runtime/main");
      await runCompare(argv);
    },
  );
}

export function retrainingTriggerCommand(): Command {
  return delegate(
    "retraining-trigger",
    "have a model trained again when Alertmanager says so (--help lists its flags)",
    async (argv) => {
      const { runRetrainingTrigger } = require("../../runtime/main") as typeof import("../../runtime/main");
      await runRetrainingTrigger(argv);
    },
  );
}
