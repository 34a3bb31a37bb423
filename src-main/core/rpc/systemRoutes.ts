import { implement } from '@orpc/server'
import { contract } from '../../contract/index.ts'
import { browseFolder } from '../../services/files/index.ts'
import type { Services } from '../services.ts'

const os = implement(contract)

/** The program itself: what it is, its settings, this machine's folders. */
export function systemRoutes(services: Services) {
  const { system, settings, changes } = services
  return {
    system: {
      info: os.system.info.handler(() => system.info()),
      devices: os.system.devices.handler(({ input }) => system.devices(input.measure)),
      changes: os.system.changes.handler(({ signal }) => changes.subscribe(signal)),
    },
    settings: {
      get: os.settings.get.handler(() => settings.get()),
      update: os.settings.update.handler(({ input }) => settings.update(input)),
    },
    files: {
      browse: os.files.browse.handler(({ input }) => browseFolder(input.path)),
    },
  }
}
