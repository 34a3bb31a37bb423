import { onScopeDispose } from 'vue'
import { useWorkbench } from '../workbench.ts'
import type { CommandHandler, CommandSpec } from './commandRegistry.ts'

/** Makes a table of commands available for as long as the component lives. */
export const useCommands = <Id extends string>(
  table: Readonly<Record<Id, CommandSpec>>,
  handlers: Readonly<Record<Id, CommandHandler>>,
): void => {
  onScopeDispose(useWorkbench().commands.add(table, handlers))
}
