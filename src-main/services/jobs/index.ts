export type { EngineCommand } from './engineProcess.ts'
export { createJobBoard, type JobBoard } from './jobBoard.ts'
export { createJobService, type JobService } from './jobService.ts'
