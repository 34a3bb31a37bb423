export { readResults } from './resultLog.ts'
export { runExperiment } from './runExperiment.ts'
