export type { Api } from './api/api.ts'
export { isAbort, toProblem, type Problem } from './api/problem.ts'
export type { Query } from './api/query.ts'
export { useAction } from './api/useAction.ts'
export { useQuery } from './api/useQuery.ts'
export { useStream } from './api/useStream.ts'
export type { CommandHandler, CommandSpec } from './commands/commandRegistry.ts'
export { matchesSearch } from './commands/matchesSearch.ts'
export { useCommands } from './commands/useCommands.ts'
export { default as ExportDialog } from './files/ExportDialog.vue'
export {
  formatDateTime,
  formatDuration,
  formatMl,
  formatNumber,
  formatAgo,
} from './locale/format.ts'
export { text } from './locale/text.ts'
export { useWorkbench } from './workbench.ts'
