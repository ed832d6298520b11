// Loaded before the SDK's runner of policy packs (PulumiPolicy.yaml says so), in whose place it starts the pack: the runner loads a
// TypeScript compiler first, which takes several times as long as all else until the pack answers.
const Module = require("node:module");

const main = process.argv[1] ?? "";
if (/[\\/]run-policy-pack(?:[\\/]index\.js)?$/.test(main)) {
  const runner = require.resolve(main);
  // Node finds its program loaded already.
  require.cache[runner] = Object.assign(new Module(runner), { loaded: true });
  require("./start")();
}
