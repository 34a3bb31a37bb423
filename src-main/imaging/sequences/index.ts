export * from './assignSplits.ts'
export * from './discoverCases.ts'
export type { ImageRole, NamedImage, UnnamedImage } from './imageName.ts'
