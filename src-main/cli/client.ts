import type { ContractRouterClient } from '@orpc/contract'
import type { Contract } from '../contract/index.ts'

/** Every command speaks the same contract as the page, here in-process. */
export type GliadeskClient = ContractRouterClient<Contract>
