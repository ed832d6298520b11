/** The dependency direction of the house, enforced: see docs/architecture.md. */
const area = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });
module.exports = {
  forbidden: [
    area("no-cycles", "A cycle means two files are one idea.", {}, { circular: true }),
    area(
      "components-below-stacks",
      "components know neither stacks, CLI, toolchain, policies nor the server.",
      { path: "^components/" },
      { path: "^(stacks|cli|toolchain|policies|test)/|^runtime/(?!contract\\.ts$)" },
    ),
    area(
      "stacks-only-components",
      "stacks are thin programs over components.",
      { path: "^stacks/" },
      { path: "^(cli|toolchain|policies|runtime|test)/" },
    ),
    area(
      "runtime-stands-alone",
      "the server runs without any other part of the project, and without Pulumi.",
      { path: "^runtime/" },
      { path: "^(stacks|components|cli|toolchain|policies|test)/|node_modules/@pulumi/" },
    ),
    area(
      "rollout-stands-alone",
      "the logic of switching is shared by programs, commands and the server: it knows none of them.",
      { path: "^rollout/" },
      { path: "^(stacks|components|cli|toolchain|policies|runtime|test)/|node_modules/@pulumi/" },
    ),
    area(
      "contract-is-leaf",
      "runtime/contract.ts has no dependency at all.",
      { path: "^runtime/contract\\.ts$" },
      { path: ".+" },
    ),
    area(
      "policies-stand-alone",
      "policies match on type strings: no provider SDK, no part of the project.",
      { path: "^policies/" },
      {
        path: "^(stacks|components|cli|toolchain|runtime|test)/|node_modules/@pulumi/(aws|kubernetes|docker|tls)/",
      },
    ),
    area(
      "audit-is-pure",
      "the auditor's report is made of findings and the pack's metadata: no engine, no files, no clock.",
      { path: "^audit/" },
      {
        path: "^(stacks|components|cli|toolchain|runtime|rollout|test)/|node_modules/@pulumi/|^(node:)?(fs|child_process|http)",
        dependencyTypesNot: ["type-only"],
      },
    ),
    area(
      "dashboards-are-written-beforehand",
      "what is made of dashboards/ lies in components/: nothing that runs needs Grafana's SDK.",
      { path: "^(audit|cli|components|policies|rollout|runtime|stacks|toolchain)/" },
      { path: "^dashboards/|node_modules/@grafana/" },
    ),
    area(
      "toolchain-below-cli",
      "programs and the CLI may call the toolchain, never the other way; of the server it knows the contract.",
      { path: "^toolchain/" },
      { path: "^(stacks|components|policies|audit|cli|test)/|^runtime/(?!contract\\.ts$)" },
    ),
    area(
      "batching-is-neutral",
      "batching knows neither HTTP nor ONNX.",
      { path: "^runtime/batching/" },
      { path: "^runtime/(rest|grpc|models)/|node_modules/(fastify|@grpc|onnxruntime)" },
    ),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
  },
};
