import assert from "node:assert/strict";
import { Agent, Headers, getSetCookies, request } from "undici";
import {
  MODEL,
  SERVICE,
  VERSION,
  inBackground,
  must,
  reset,
  targetOf,
  untilWeights,
} from "../../bench/traffic/stage";
import { inferPath } from "../../cli/gateway-client";
import { randomInputs } from "../../cli/up/proof-inputs";
import type { Strategy } from "../../rollout/declaration";
import { runCommand } from "../support/slipway";
import { LocalStack } from "./support/local-stack";
import { thorough } from "./support/thorough";

const CLIENTS = 40;
const TURNS = 8;
const HALF: Strategy = { kind: "canary", stepWeights: [50], interval: 3600, affinity: true };

describe("clients of a canary with session affinity", function () {
  this.timeout(400_000);
  let stack: LocalStack | undefined;

  after(async () => {
    stack?.close();
    if (!stack) return;
    const { status, stderr } = await runCommand("npm", ["run", "--silent", "up"]);
    assert.equal(status, 0, stderr.slice(-4000));
  });

  thorough("stay on the side that first answered them, until their side goes", async () => {
    await reset();
    stack = await LocalStack.open();
    await stack.apply(SERVICE, ({ rollout }) => {
      rollout.strategy = HALF;
      rollout.gates = [];
    });
    const { endpoint, caCertificate, token } = await targetOf();
    const agent = new Agent({ connect: { ca: caCertificate } });
    const url = new URL(inferPath(MODEL), endpoint).href;
    const body = JSON.stringify({ inputs: randomInputs(MODEL) });
    /** Answers as a browser would get them, who keeps what cookies it is given. */
    const ask = async (jar: Map<string, string>): Promise<string> => {
      const cookie = [...jar].map((pair) => pair.join("=")).join("; ");
      const answer = await request(url, {
        dispatcher: agent,
        method: "POST",
        headers: {
          authorization: `Bearer ${token}`,
          "content-type": "application/json",
          ...(cookie ? { cookie } : {}),
        },
        body,
      });
      const text = await answer.body.text();
      assert.equal(answer.statusCode, 200, text);
      const headers = new Headers();
      for (const one of [answer.headers["set-cookie"] ?? []].flat()) headers.append("set-cookie", one);
      for (const { name, value } of getSetCookies(headers)) jar.set(name, value);
      return (JSON.parse(text) as { model_version: string }).model_version;
    };

    const walk = inBackground("rollout", SERVICE, "--reason", "a test");
    await untilWeights(({ green }) => green === 50);
    const jars = Array.from({ length: CLIENTS }, () => new Map<string, string>());
    const sides = await Promise.all(jars.map(ask));
    assert.deepEqual([...new Set(sides)].sort(), [VERSION.blue, VERSION.green], "nobody got the other side");
    for (let turn = 0; turn < TURNS; turn++)
      assert.deepEqual(await Promise.all(jars.map(ask)), sides, `turn ${turn}`);
    walk.child.kill("SIGTERM");
    await walk.ended;

    await must("rollback", SERVICE, "--reason", "a test");
    assert.deepEqual([...new Set(await Promise.all(jars.map(ask)))], [VERSION.blue], "some stayed behind");
    await agent.close();
  });
});
