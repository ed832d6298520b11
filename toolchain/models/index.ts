export { modelReference, pushModel } from "./artifact";
export { CATALOGUE, type CatalogueModel } from "./catalogue";
export { layOutRepository, packModels, type PackedModel } from "./pack";
