import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/fetch'
import type { ContractRouterClient } from '@orpc/contract'
import type { Contract } from '../../../src-main/contract/index.ts'

/** The typed client of everything the core offers. */
export type Api = ContractRouterClient<Contract>

/**
 * @param origin - where the page came from, e.g. `http://127.0.0.1:4123` or `app://gliadesk`
 * @returns a client whose calls reject with an `ORPCError` that `toProblem` understands
 */
export const createApi = (origin: string): Api =>
  createORPCClient(new RPCLink({ url: `${origin}/rpc` }))
