import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/fetch'
import type { ContractRouterClient } from '@orpc/contract'
import { GliadeskError, type Contract } from '../../../src-main/contract/index.ts'
import { text } from '../locale/text.ts'

/** The typed client of everything the core offers. */
export type Api = ContractRouterClient<Contract>

const UNAUTHORIZED = 401

/** A restarted core knows no session of before: say how to get in, which its plain answer cannot. */
const fetchSignedIn = async (request: Request, init: RequestInit): Promise<Response> => {
  const response = await fetch(request, init)
  if (response.status === UNAUTHORIZED) {
    throw new GliadeskError('WRONG_STATE', text.problems.signedOut, text.problems.signedOutRemedy)
  }
  return response
}

/**
 * @param origin - where the page came from, e.g. `http://127.0.0.1:4123` or `app://gliadesk`
 * @returns a client whose calls reject with an `ORPCError` that `toProblem` understands
 */
export const createApi = (origin: string): Api =>
  createORPCClient(new RPCLink({ url: `${origin}/rpc`, fetch: fetchSignedIn }))
