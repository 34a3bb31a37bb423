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

/** The workspace's settings; what was never chosen has its default. */
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
    const stored = Object.fromEntries(
      rows.map((row) => [row.name, JSON.parse(row.value_json) as unknown]),
    )
    return settingsSchema.parse({ ...defaults, ...stored })
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
