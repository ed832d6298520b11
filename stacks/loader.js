// Makes the program's TypeScript loadable: types are stripped, so that neither the engine nor the official CLI needs a set-up for it.
require("@pulumi/pulumi");
require("tsx/cjs");
// The SDK notes a stack trace for every promise. Its language host maps each to the sources in JavaScript, which was a third of
// a large preview's processor time and 50 MB; Node's own traces, which tsx maps, take their place.
Error.prepareStackTrace = undefined;
