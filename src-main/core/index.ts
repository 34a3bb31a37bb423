export { openApplication } from './openApplication.ts'
export { programVersion } from './programVersion.ts'
