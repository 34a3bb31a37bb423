import { BodyLimitPlugin, RPCHandler } from '@orpc/server/node'
import type { HttpRoutes } from '../http/index.ts'
import type { createRouter } from './createRouter.ts'
import { translateErrors, type ReportUnexpected } from './translateErrors.ts'

/** The largest edit (64 MiB of base64) and its envelope. */
const MAX_BODY_BYTES = 66 * 1024 * 1024

/** Answers `/rpc/…` over HTTP. */
export function createRpcHandler(
  router: ReturnType<typeof createRouter>,
  report: ReportUnexpected,
): HttpRoutes['rpc'] {
  const handler = new RPCHandler(router, {
    plugins: [new BodyLimitPlugin({ maxBodySize: MAX_BODY_BYTES })],
    clientInterceptors: [translateErrors(report)],
  })
  return async (request, response) =>
    (await handler.handle(request, response, { prefix: '/rpc', context: {} })).matched
}
