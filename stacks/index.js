// Entry of the Pulumi program.
require("./loader.js");
module.exports = require("./program.ts");
