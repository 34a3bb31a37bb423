import { userInfo } from 'node:os'
import { settingsSchema, type Settings } from '../../contract/index.ts'
import type { Workspace } from '../../storage/index.ts'
import type { ChangeFeed } from '../changes/index.ts'

export interface SettingsService {
  get(): Settings
  update(change: Partial<Settings>): Settings
}

function accountName(): string {
  try {
    return userInfo().username.slice(0, 80) || 'Reader'
  } catch {
    return 'Reader'
  }
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The workspace's settings; what was never chosen, or cannot be read any more, has its default. */
export function createSettingsService(workspace: Workspace, changes: ChangeFeed): SettingsService {
  const { database } = workspace
  const defaults: Settings = {
    readerName: accountName(),
    classColours: 'standard',
    backend: 'auto',
    processorJobs: 1,
  }
  const get = (): Settings => {
    const rows = database.all<{ name: string; value_json: string }>(
      'SELECT name, value_json FROM settings',
    )
    // A value that cannot be used, as after an edit by hand or by an older program, must not keep the workspace shut.
    const usable = rows.flatMap(({ name, value_json }) => {
      const field = Object.hasOwn(defaults, name)
        ? settingsSchema.shape[name as keyof Settings]
        : null
      const parsed = field?.safeParse(jsonOrUndefined(value_json))
      return parsed?.success ? [[name, parsed.data] as const] : []
    })
    return settingsSchema.parse({ ...defaults, ...Object.fromEntries(usable) })
  }
  return {
    get,
    update: (change) => {
      database.transaction(() => {
        for (const [name, value] of Object.entries(change)) {
          if (value === undefined) continue
          database.run(
            `INSERT INTO settings (name, value_json) VALUES (:name, :value)
             ON CONFLICT (name) DO UPDATE SET value_json = :value`,
            { name, value: JSON.stringify(value) },
          )
        }
      })
      changes.publish('settings')
      return get()
    },
  }
}
