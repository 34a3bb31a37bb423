export { fitPostprocessing, type DrawnCase } from './fitPostprocessing.ts'
export { postprocess } from './postprocess.ts'
