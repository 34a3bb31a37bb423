import { implement } from '@orpc/server'
import { contract } from '../../contract/index.ts'
import type { Services } from '../services.ts'
import { caseRoutes } from './caseRoutes.ts'
import { dicomRoutes } from './dicomRoutes.ts'
import { deidentificationRoutes } from './deidentificationRoutes.ts'
import { interchangeRoutes } from './interchangeRoutes.ts'
import { jobRoutes } from './jobRoutes.ts'
import { preparationRoutes } from './preparationRoutes.ts'
import { systemRoutes } from './systemRoutes.ts'

/** The whole contract, answered by the services. */
export function createRouter(services: Services) {
  return implement(contract).router({
    ...systemRoutes(services),
    ...caseRoutes(services),
    ...dicomRoutes(services),
    ...deidentificationRoutes(services),
    ...interchangeRoutes(services),
    ...jobRoutes(services),
    ...preparationRoutes(services),
  })
}
