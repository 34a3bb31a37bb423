export { openApplication } from './openApplication.ts'
export { programVersion } from '../services/system/index.ts'
