export type { Api } from './api/api.ts'
export type { Changes, ChangeTopic, Connection } from './api/changes.ts'
export { pause } from './api/pause.ts'
export { isAbort, toProblem, type Problem } from './api/problem.ts'
export type { Query } from './api/query.ts'
export { useAction, type Action } from './api/useAction.ts'
export { useQuery, type QueryOptions } from './api/useQuery.ts'
export { useStream, type StreamOptions } from './api/useStream.ts'
export type { CommandHandler, CommandRegistry, CommandSpec } from './commands/commandRegistry.ts'
export { matchesSearch } from './commands/matchesSearch.ts'
export { useCommands } from './commands/useCommands.ts'
export type { PathDialogs } from './files/pathDialogs.ts'
export {
  formatDateTime,
  formatDuration,
  formatMl,
  formatNumber,
  formatAgo,
} from './locale/format.ts'
export { text } from './locale/text.ts'
export { useWorkbench, type Workbench } from './workbench.ts'
