// Entry of the Pulumi plugin: PulumiPlugin.yaml has the engine run the package, whose `main` this is, as a program; its
// exported function is what the SDK's runner calls. Programs that import the package by its name get the components.
module.exports = () => {
  require("tsx/cjs");
  const { main } = require("@pulumi/pulumi/provider");
  const { HostedComponents } = require("./provider.ts");
  const { version } = require("../../package.json");
  return main(new HostedComponents(version), process.argv.slice(2));
};
