export * from './intensitySummary.ts'
export * from './volume.ts'
