export * from './assignSplits.ts'
export * from './discoverCases.ts'
export * from './guessSequence.ts'
export type { SequenceHints } from './sequenceHints.ts'
