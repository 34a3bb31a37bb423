export { readProtocol, type ExperimentProtocol } from './protocol/index.ts'
export { writeReport } from './report/index.ts'
export { readResults, runExperiment } from './runner/index.ts'
