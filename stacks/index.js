// Entry of the Pulumi program. The loader strips types, so that neither the engine nor the official CLI needs a TypeScript set-up.
require("tsx/cjs");
module.exports = require("./program.ts");
