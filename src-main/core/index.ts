export { openApplication, type Application, type ApplicationOptions } from './openApplication.ts'
export type { HttpHost, HttpTarget } from './http/index.ts'
export { programVersion } from './programVersion.ts'
