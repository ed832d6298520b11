/** A process of its own that sends the traffic which its parent orders: what else the parent does delays nothing. */
import { packModels } from "../../toolchain/models";
import { messageOf } from "../../toolchain/errors";
import { silent } from "../../toolchain/progress";
import { OpenLoop } from "./open-loop";
import { makeQuestions } from "./questions";
import type { LoadCommand, LoadReply } from "./traffic-load";

/** So many that a fault which one request in twenty meets is among them. */
const QUESTIONS = 128;
let loop: OpenLoop | undefined;

async function obey(command: LoadCommand): Promise<LoadReply> {
  if ("start" in command) {
    const { start } = command;
    const known = (await packModels(silent)).filter(({ name }) => name === start.target.model);
    const versions = [...known, ...(start.versions ?? [])];
    loop = await OpenLoop.start({
      ...start,
      questions: await makeQuestions(start.target.model, versions, QUESTIONS),
    });
    return { startedAt: Date.now() - loop.now() };
  }
  if (!loop) throw new Error("nothing was started");
  return { report: "stop" in command ? await loop.stop() : loop.report(command.report) };
}

process.on("message", (command: LoadCommand) => {
  obey(command).then(
    (reply) => process.send!(reply),
    (error: unknown) => process.send!({ error: messageOf(error) }),
  );
});
process.on("disconnect", () => process.exit());
