/** Everything that a provider written in this project needs to speak the engine's protocol. */
export * from "./autoname";
export * from "./diff";
export * from "./provider";
export * from "./serve";
export * from "./urn";
export * from "./values";
