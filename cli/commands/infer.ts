import { readFileSync } from "node:fs";
import { Command } from "commander";
import { messageOf, SlipwayError } from "../../toolchain/errors";
import { GatewayClient, inferPath } from "../gateway-client";
import { requireSession, type LocalSession } from "../local-session";
import { mintToken } from "../tokens";

export function inferCommand(): Command {
  return new Command("infer")
    .description("send one inference request through the gateway and print the V2 response")
    .argument("<model>", "the model's name, as `npx slipway outputs` lists it")
    .requiredOption("--input <file>", "a V2 request body as JSON; - reads it from standard input")
    .option("--version <version>", "the model's version (default: the highest)")
    .addHelpText("after", "\nExamples:\n  $ npx slipway infer silero-vad --input request.json")
    .action(async (model: string, options: { input: string; version?: string }) => {
      console.log(await infer(model, readRequest(options.input), options.version));
    });
}

function readRequest(file: string): string {
  let text: string;
  try {
    text = readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (error) {
    throw new SlipwayError(`cannot read \`--input\` ${file}: ${messageOf(error)}`);
  }
  try {
    JSON.parse(text);
  } catch (error) {
    throw new SlipwayError(`\`--input\` ${file} is not JSON: ${messageOf(error)}`);
  }
  return text;
}

async function infer(model: string, body: string, version: string | undefined): Promise<string> {
  const session = requireSession();
  const client = new GatewayClient(session);
  try {
    const token = await mintToken(session, { subject: "slipway-cli", scopes: ["infer"], ttl: "5m" });
    const answer = await client.call(inferPath(model, version), { token, body });
    if (answer.status === 404 && !session.models.some(({ name }) => name === model)) {
      throw new SlipwayError(`there is no model \`${model}\`; the local stack serves: ${modelList(session)}`);
    }
    if (answer.status !== 200) throw new SlipwayError(serverSentence(answer.status, answer.text));
    return answer.text;
  } catch (error) {
    if (error instanceof SlipwayError) throw error;
    throw new SlipwayError(
      `the gateway at ${session.endpoint} does not answer (${messageOf(error)}); \`npm run up\` repairs the local stack`,
    );
  } finally {
    await client.close();
  }
}

const modelList = ({ models }: LocalSession) =>
  models.map(({ name, versions }) => `${name} (version ${versions.join(", ")})`).join(", ");

/** The server's own words where it said something, else its status. */
function serverSentence(status: number, text: string): string {
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    if (typeof error === "string") return `${error} (HTTP ${status})`;
  } catch {
    // A gateway's answer is plain text: shown as it is.
  }
  return `the gateway answered HTTP ${status}${text ? `: ${text.trim().slice(0, 500)}` : ""}`;
}
