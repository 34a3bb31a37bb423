import { inject, shallowRef, type App, type InjectionKey, type ShallowRef } from 'vue'
import type { DesktopBridge } from '../../src-main/contract/index.ts'
import { createToasts, type Toasts } from '../ui/index.ts'
import type { Api } from './api/api.ts'
import { createChanges, type Changes } from './api/changes.ts'
import { createCommandRegistry, type CommandRegistry } from './commands/commandRegistry.ts'
import { createPathDialogs, type PathDialogs } from './files/pathDialogs.ts'

/** What every page works with; made once in `main.ts` and handed down by injection. */
export interface Workbench {
  readonly api: Api
  readonly changes: Changes
  readonly commands: CommandRegistry
  readonly toasts: Toasts
  readonly paths: PathDialogs
  /** Title of the case on screen, shown in the top bar; null elsewhere. */
  readonly caseTitle: ShallowRef<string | null>
}

const KEY: InjectionKey<Workbench> = Symbol('workbench')

/**
 * @param api - the typed client
 * @param desktop - the desktop window's bridge, or null in a browser
 */
export const createWorkbench = (api: Api, desktop: DesktopBridge | null): Workbench => ({
  api,
  changes: createChanges(api),
  commands: createCommandRegistry(),
  toasts: createToasts(),
  paths: createPathDialogs(desktop),
  caseTitle: shallowRef(null),
})

export const provideWorkbench = (app: App, workbench: Workbench): void => {
  app.provide(KEY, workbench)
}

/** @throws Error outside an app that provides a workbench: a mistake of the programmer, not of the reader */
export const useWorkbench = (): Workbench => {
  const workbench = inject(KEY)
  if (workbench === undefined) throw new Error('No workbench is provided to this component.')
  return workbench
}
