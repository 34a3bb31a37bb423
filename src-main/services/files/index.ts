export { browseFolder } from './browseFolder.ts'
