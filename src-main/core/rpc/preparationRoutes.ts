import { implement } from '@orpc/server'
import { contract } from '../../contract/index.ts'
import type { Services } from '../services.ts'

const os = implement(contract)

/** Preparation of raw cases, and the way back to their own grids. */
export function preparationRoutes({ preparation }: Services) {
  return {
    preparation: {
      status: os.preparation.status.handler(({ input }) => preparation.status(input.caseId)),
      run: os.preparation.run.handler(({ input, signal }) =>
        preparation.run(input.caseId, input.plan, signal),
      ),
      volume: os.preparation.volume.handler(({ input }) =>
        preparation.volume(input.preparationId, input.sequence, input.stage),
      ),
      apply: os.preparation.apply.handler(({ input }) => preparation.apply(input.preparationId)),
      discard: os.preparation.discard.handler(async ({ input }) => {
        await preparation.discard(input.preparationId)
        return {}
      }),
      exportVersion: os.preparation.exportVersion.handler(({ input }) =>
        preparation.exportVersion(input),
      ),
    },
  }
}
