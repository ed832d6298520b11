export { modelReference, pushModel } from "./artifact";
export { baselineFile, type SideFile } from "./baselines";
export { CATALOGUE, type CatalogueModel } from "./catalogue";
export { layOutRepository, packModels, type PackedModel } from "./pack";
