import { Command } from "commander";

type Main = typeof import("../../runtime/main");

/** The server's commands, by the function that runs each. */
type Run = {
  [Name in keyof Main]: Main[Name] extends (argv: string[]) => Promise<void> ? Name : never;
}[keyof Main];

/** The server parses its own flags, so that the image and the checkout take the very same ones. */
function delegate(name: string, run: Run, description: string): Command {
  return new Command(name)
    .description(`${description} (--help lists its flags)`)
    .allowUnknownOption()
    .passThroughOptions()
    .helpOption(false)
    .argument("[flags...]")
    .action(async (_flags, _options, command: Command) => {
      // Loaded on use: the other commands have no need of the server.
      const main = require("../../runtime/main") as Main;
      await main[run](command.args);
    });
}

export const serveCommand = () =>
  delegate("serve", "runServe", "run the inference server alone, without Kubernetes");

export const consumeCommand = () =>
  delegate("consume", "runConsume", "run it and answer the requests of a Kafka topic or a RabbitMQ queue");

export const pullCommand = () => delegate("pull", "runPull", "fetch models and verify their digests");

export const apiKeyCommand = () =>
  delegate("api-key", "runApiKey", "make an API key for the inference server");

export const gateCommand = () =>
  delegate("gate", "runGate", "judge a candidate's answers, as the Jobs of quality and drift gates do");

export const compareCommand = () =>
  delegate("compare", "runCompare", "compare the answers that both slots gave to the same requests");

export const retrainingTriggerCommand = () =>
  delegate(
    "retraining-trigger",
    "runRetrainingTrigger",
    "have a model trained again when Alertmanager says so",
  );
