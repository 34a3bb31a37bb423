import { ORPCError } from '@orpc/server'
import { ERROR_STATUS, GliadeskError } from '../../contract/index.ts'

/** Told of every failure that is not the person's to mend. */
export type ReportUnexpected = (path: readonly string[], error: unknown) => void

interface InvalidInput {
  readonly issues: readonly { readonly message: string; readonly path?: readonly unknown[] }[]
}

const isInvalidInput = (error: unknown): error is ORPCError<string, InvalidInput> =>
  error instanceof ORPCError && error.code === 'BAD_REQUEST' && Array.isArray(error.data?.issues)

/** The typed error of the contract for any failure; what nobody foresaw becomes INTERNAL. */
export function asRpcError(error: unknown): ORPCError<string, unknown> {
  if (error instanceof GliadeskError) {
    const { code, message, remedy, cause } = error
    return new ORPCError(code, { status: ERROR_STATUS[code], message, data: { remedy }, cause })
  }
  if (isInvalidInput(error)) {
    const fields = error.data.issues.map(
      ({ message, path = [] }) => `${path.map(String).join('.') || 'the request'}: ${message}`,
    )
    return new ORPCError('BAD_INPUT', {
      status: ERROR_STATUS.BAD_INPUT,
      message: `This request cannot be understood. ${fields.join('; ')}.`,
      data: { remedy: 'Check the named fields, then try again.' },
      cause: error,
    })
  }
  if (error instanceof ORPCError && error.code !== 'INTERNAL_SERVER_ERROR') return error
  return new ORPCError('INTERNAL', {
    status: ERROR_STATUS.INTERNAL,
    message: 'Something went wrong inside Gliadesk. Nothing that was saved is affected.',
    data: {
      remedy:
        'Try again; if it keeps happening, send the newest file of the workspace’s logs folder to support.',
    },
    cause: error,
  })
}

const isAsyncIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value

/**
 * An interceptor for every call, over HTTP or in-process: failures of the call and of the event stream it returns
 * leave as typed errors, and unforeseen ones are reported first.
 */
export function translateErrors(report: ReportUnexpected) {
  const translate = (path: readonly string[], error: unknown): ORPCError<string, unknown> => {
    const translated = asRpcError(error)
    if (translated.code === 'INTERNAL') report(path, error)
    return translated
  }
  return async <T>({
    next,
    path,
  }: {
    next: () => Promise<T>
    path: readonly string[]
  }): Promise<T> => {
    try {
      const output = await next()
      return isAsyncIterable(output)
        ? (translateStream(output, (error) => translate(path, error)) as T)
        : output
    } catch (error) {
      throw translate(path, error)
    }
  }
}

async function* translateStream(
  stream: AsyncIterable<unknown>,
  translate: (error: unknown) => unknown,
): AsyncGenerator<unknown, void, void> {
  try {
    yield* stream
  } catch (error) {
    throw translate(error)
  }
}
