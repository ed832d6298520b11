// Modules of the policy SDK as the SDK has them itself, so that what is put in place of their members is what it calls.
module.exports = {
  analyzerMessages: require("@pulumi/pulumi/proto/analyzer_pb"),
  deserialize: require("@pulumi/policy/deserialize"),
  grpc: require("@grpc/grpc-js"),
  protoutil: require("@pulumi/policy/protoutil"),
  server: require("@pulumi/policy/server"),
};
