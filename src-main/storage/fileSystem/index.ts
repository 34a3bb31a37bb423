export { asStorageError } from './asStorageError.ts'
export type { FileSystem, WritableFile } from './fileSystemPort.ts'
export { nodeFileSystem } from './nodeFileSystem.ts'
export { writeFileAtomically } from './writeFileAtomically.ts'
