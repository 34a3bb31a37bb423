export { createDatasetService, type DatasetService } from './datasetService.ts'
export {
  synthesizeCohort,
  type SynthesizeCohortOptions,
  type SyntheticCohort,
} from './synthesizeCohort.ts'
export { runSyntheticCaseTasks } from './runSyntheticCaseTasks.ts'
export { drawSplit } from './drawSplit.ts'
export { listFiles } from './listFiles.ts'
export { readLabelLookup } from './readListedDataset.ts'
export { readSourceLabel } from './readSourceLabel.ts'
export { diskFile, openArchive, type SourceFile } from './dicom/index.ts'
