export type { EngineCommand } from './engineProcess.ts'
export { createJobBoard } from './jobBoard.ts'
export { createJobService, type JobService } from './jobService.ts'
export type { JobMachine } from './jobMachine.ts'
