export { createRouter } from './createRouter.ts'
export { createRpcHandler } from './rpcHandler.ts'
export { translateErrors } from './translateErrors.ts'
