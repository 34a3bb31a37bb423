export * from './assignSplits.ts'
export * from './discoverCases.ts'
