import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { pinned, type Cores } from "../cores";
import type { LoadOrder, LoadReport } from "./main";

/** What has a server work for a while, and says what came of it. */
export interface Load {
  run(order: LoadOrder): Promise<LoadReport>;
}

/** The parent's side of the load generator. */
export class LoadGenerator implements Load {
  private readonly child: ChildProcess;

  constructor(cores: Cores) {
    const [execPath, ...execArgv] = pinned(cores.load, [process.execPath, "-r", "tsx/cjs"]);
    this.child = fork(join(__dirname, "main.ts"), [], { execPath, execArgv });
  }

  /** Runs one closed loop; throws where an answer was wrong or a request failed. */
  async run(order: LoadOrder): Promise<LoadReport> {
    this.child.send(order);
    const [message] = (await once(this.child, "message")) as [{ report: LoadReport } | { error: string }];
    if ("error" in message) throw new Error(`the load generator failed: ${message.error}`);
    const { wrong, failed, requests, firstWrong } = message.report;
    if (wrong + failed > 0) {
      const what = `${wrong} of ${requests} answers were wrong, ${failed} requests failed`;
      throw new Error(
        `${order.model}, ${order.format}, ${order.concurrency} at a time: ${what}; ${firstWrong ?? ""}`,
      );
    }
    return message.report;
  }

  close(): void {
    this.child.disconnect();
  }
}
