export { chooseReference } from './chooseReference.ts'
export { PREPARATION_VERSION, prepareStudy } from './prepareStudy.ts'
export { resampleLabels } from './resampling/resampleLabels.ts'
