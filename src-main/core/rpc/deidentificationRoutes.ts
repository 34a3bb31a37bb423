import { implement } from '@orpc/server'
import { contract } from '../../contract/index.ts'
import type { Services } from '../services.ts'

const os = implement(contract)

/** Copies without the patient. */
export function deidentificationRoutes({ deidentification }: Services) {
  return {
    deidentification: {
      run: os.deidentification.run.handler(({ input, signal }) =>
        deidentification.run(input).read(signal),
      ),
      stop: os.deidentification.stop.handler(() => {
        deidentification.stop()
        return {}
      }),
    },
  }
}
