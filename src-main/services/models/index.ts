export { addModel, findModel, fittedInference, keepFitted } from './modelRecords.ts'
export { createModelService, type ModelService } from './modelService.ts'
export { findRecipe, readRecipes } from './recipes.ts'
export { readShippedModels } from './shippedModels.ts'
