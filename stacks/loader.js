// Makes the program's TypeScript loadable: types are stripped, so that neither the engine nor the official CLI needs a set-up for it.
// And keeps the SDK from work that most previews never need: more than a third of a large program's processor time.
const Module = require("node:module");
const { forgetPositions, tellPositions } = require("./positions.js");
const { offerProfiles } = require("./prebuilt.js");

/** Parts of the SDK, as it asks for them, that only programs with functions for the cloud (dynamic providers) use: 12 MB of code. */
const LOADED_ON_USE = ["./typescript-shim.js", "@npmcli/arborist"];

/** How long debug messages wait for company, in milliseconds. */
const DEBUG_DELAY_MS = 20;

/** Puts a stand-in for a module in place that loads it when a member is asked for. */
function loadOnUse(file) {
  let loaded;
  const load = () => {
    if (loaded === undefined) {
      delete require.cache[file];
      loaded = require(file);
    }
    return loaded;
  };
  // Compiled imports copy all members of what does not say that it is a module.
  const exports = new Proxy({}, { get: (_, name) => (name === "__esModule" ? true : load()[name]) });
  require.cache[file] ??= Object.assign(new Module(file), { loaded: true, exports });
}

/** The SDK notes a stack trace for every promise, which it prints only where promise leaks are looked for. */
function forgetPromiseTraces() {
  const debuggable = require("@pulumi/pulumi/runtime/debuggable");
  const { debuggablePromise, debugPromiseLeaks } = debuggable;
  if (debugPromiseLeaks) return;
  debuggable.debuggablePromise = (promise, context) => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      return debuggablePromise(promise, context);
    } finally {
      Error.stackTraceLimit = limit;
    }
  };
}

/** The SDK sends the engine three or four debug messages for every resource, one by one, whether `--debug` shows them or not: send them together. */
function batchDebugMessages() {
  const log = require("@pulumi/pulumi/log");
  const { rpcKeepAlive } = require("@pulumi/pulumi/runtime/settings");
  const { debug } = log;
  let lines = [];
  let sent;
  const send = () => {
    const text = lines.join("\n");
    lines = [];
    sent = undefined;
    return debug(text);
  };
  log.debug = (message, ...about) => {
    if (about.length > 0) return debug(message, ...about);
    lines.push(message);
    if (sent === undefined) {
      // The connection to the engine stays open until they are sent.
      const done = rpcKeepAlive();
      sent = new Promise((resolve) => setTimeout(resolve, DEBUG_DELAY_MS)).then(send).finally(done);
    }
    return sent;
  };
}

/** The SDK's calls of the engine keep statistics that nobody asks for. */
function forgetCalls() {
  const { grpcClientOptions } = require("@pulumi/pulumi/runtime/settings");
  grpcClientOptions["grpc.enable_channelz"] = 0;
}

/** Stack traces as the sources have it: in the SDK's way, from what tsx told Node of the files that it stripped. */
function mapStackTraces() {
  fromSdk("source-map-support").install({
    handleUncaughtExceptions: false,
    retrieveSourceMap(source) {
      const found = Module.findSourceMap(source);
      return found ? { url: source, map: found.payload } : null;
    },
  });
}

const fromSdk = Module.createRequire(require.resolve("@pulumi/pulumi/package.json"));
for (const request of LOADED_ON_USE) loadOnUse(fromSdk.resolve(request));
const { runtime } = require("@pulumi/pulumi");
forgetPromiseTraces();
batchDebugMessages();
forgetCalls();
require("tsx/cjs");
// A preview writes no state; the audit of one names the lines of the program all the same.
if (runtime.isDryRun() && process.env.SLIPWAY_SOURCE_POSITIONS === undefined) forgetPositions();
else tellPositions();
mapStackTraces();
offerProfiles();
