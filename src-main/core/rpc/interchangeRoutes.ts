import { implement } from '@orpc/server'
import { contract } from '../../contract/index.ts'
import type { Services } from '../services.ts'

const os = implement(contract)

/** Models out to other programs, and in from them. */
export function interchangeRoutes({ interchange }: Services) {
  return {
    interchange: {
      exportModel: os.interchange.exportModel.handler(({ input }) =>
        interchange.exportModel(input),
      ),
      importModel: os.interchange.importModel.handler(({ input }) =>
        interchange.importModel(input),
      ),
    },
  }
}
