import type { Services } from '../services.ts'
import { caseRoutes } from './caseRoutes.ts'
import { systemRoutes } from './systemRoutes.ts'

/** The whole contract, answered by the services. */
export function createRouter(services: Services) {
  return {
    ...systemRoutes(services),
    ...caseRoutes(services),
  }
}
