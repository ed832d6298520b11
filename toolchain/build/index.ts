export { diagnose, type DiagnoseOptions, type Finding } from "./diagnose";
export { ensureTools } from "./ensure-tools";
export { findOfficialPulumi, type OfficialPulumi } from "./official-pulumi";
export { ENVOY_GATEWAY_VERSION, HELM_VERSION, KUBERNETES_VERSION, PULUMI_VERSION } from "./tool-groups";
export type { ToolGroup, Tools } from "./tools";
