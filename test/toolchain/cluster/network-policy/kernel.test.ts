import assert from "node:assert";
import {
  applyRuleset,
  runCommand,
  type RunCommand,
} from "../../../../toolchain/cluster/network-policy/kernel";
import { ipSet } from "../../../../toolchain/cluster/network-policy/ruleset";

/** Records the commands; `answers` maps the beginning of a command to its output, or to an error. */
function recorder(answers: Record<string, string | Error> = {}) {
  const commands: string[] = [];
  const run: RunCommand = async (command, args) => {
    const line = [command, ...args].join(" ");
    commands.push(line);
    const answer = Object.entries(answers).find(([start]) => line.startsWith(start))?.[1] ?? "";
    if (answer instanceof Error) {
      throw answer;
    }
    return answer;
  };
  return { commands, run };
}

describe("applyRuleset", () => {
  const set = ipSet("hash:ip", ["10.244.0.11"]);
  const ruleset = { ipsets: [set], rules: [] };

  it("fills new sets, changes the rules, hooks them in and then removes sets out of use", async () => {
    const { commands, run } = recorder({
      "iptables -w 10 -t mangle -C": new Error("no such rule"),
      "ipset list": `KUBE-SET\nSLIPWAY-NP-old\n${set.name}\n`,
    });
    await applyRuleset(ruleset, run);
    assert.deepStrictEqual(commands, [
      "ipset restore -exist",
      "iptables-restore -w 10 --noflush",
      "iptables -w 10 -t mangle -C FORWARD -j SLIPWAY-NP",
      "iptables -w 10 -t mangle -I FORWARD 1 -j SLIPWAY-NP",
      "iptables -w 10 -t mangle -C INPUT -j SLIPWAY-NP",
      "iptables -w 10 -t mangle -I INPUT 1 -j SLIPWAY-NP",
      "ipset list -name",
      "ipset destroy SLIPWAY-NP-old",
    ]);
  });

  it("touches no rule when a set cannot be filled", async () => {
    const { commands, run } = recorder({ "ipset restore": new Error("no kernel support") });
    await assert.rejects(applyRuleset(ruleset, run), { message: "no kernel support" });
    assert.deepStrictEqual(commands, ["ipset restore -exist"]);
  });

  it("leaves a set that the kernel still holds for the next time", async () => {
    const { run } = recorder({ "ipset list": "SLIPWAY-NP-old\n", "ipset destroy": new Error("in use") });
    await applyRuleset({ ipsets: [], rules: [] }, run);
  });
});

describe("runCommand", () => {
  it("passes the input and returns the output", async () => {
    assert.strictEqual(await runCommand("cat", [], "text"), "text");
  });

  it("says which package a missing program comes from", async () => {
    await assert.rejects(runCommand("no-such-program", []), {
      name: "SlipwayError",
      message: '"no-such-program" was not found: install the Debian packages iptables and ipset.',
    });
  });

  it("says what a refusing program said", async () => {
    await assert.rejects(runCommand("cat", ["/no/such/file"]), {
      message: "`cat /no/such/file` ended with status 1: cat: /no/such/file: No such file or directory",
    });
  });
});
