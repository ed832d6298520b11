// The engine runs this file as it is, in a checkout without a build step.
module.exports = require("./start")();
