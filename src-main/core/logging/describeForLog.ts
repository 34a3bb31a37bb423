/** Paths often carry the names of patients. */
const PATH = /(?:[A-Za-z]:)?[\\/][^\s'"]+/g

/** An error as the log may hold it: what failed and where in the program, with every path taken out of its message. */
export function describeForLog(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error).replace(PATH, '…') }
  const { name, message, stack = '', cause } = error
  return {
    name,
    code: 'code' in error ? error.code : undefined,
    message: message.replace(PATH, '…'),
    frames: stack.split('\n').filter((line) => line.startsWith('    at ')),
    cause: cause === undefined ? undefined : describeForLog(cause),
  }
}
