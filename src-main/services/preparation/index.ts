export { isPreparedFrom, keepOriginals, type Originals } from './originals.ts'
export { appliedPreparation } from './preparationRecords.ts'
export { createPreparationService, type PreparationService } from './preparationService.ts'
