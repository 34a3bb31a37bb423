import { GliadeskError } from '../../contract/index.ts'

/** Exit codes of every command. */
export const EXIT = { success: 0, failure: 1, usage: 2, partial: 3, interrupted: 130 } as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** Where a command's words go: tables and sentences for people, or one JSON document for programs. */
export interface Report {
  readonly json: boolean
  /** A line for a person; on standard error under `--json`, so that standard output stays one document. */
  line(text: string): void
  /** The command's answer: printed as a table by `render`, or as JSON. */
  result<T>(value: T, render: (value: T) => string): void
  failure(error: unknown): void
}

/** What an error says to a person: the sentence, and the remedy where there is one. */
export function describeFailure(error: unknown): { code: string; message: string; remedy: string } {
  if (error instanceof GliadeskError) {
    return { code: error.code, message: error.message, remedy: error.remedy }
  }
  if (error instanceof Error) {
    const { code, data } = error as Error & { code?: unknown; data?: unknown }
    const remedy =
      typeof data === 'object' &&
      data !== null &&
      'remedy' in data &&
      typeof data.remedy === 'string'
        ? data.remedy
        : ''
    return { code: typeof code === 'string' ? code : 'INTERNAL', message: error.message, remedy }
  }
  return { code: 'INTERNAL', message: String(error), remedy: '' }
}

/**
 * @param json print machine-readable JSON instead of tables
 */
export function createReport(
  json: boolean,
  streams: { out: NodeJS.WritableStream; err: NodeJS.WritableStream },
): Report {
  return {
    json,
    line: (text) => (json ? streams.err : streams.out).write(`${text}\n`),
    result: (value, render) =>
      streams.out.write(`${json ? JSON.stringify(value, null, 2) : render(value)}\n`),
    failure: (error) => {
      const failure = describeFailure(error)
      if (json) streams.out.write(`${JSON.stringify({ error: failure }, null, 2)}\n`)
      else streams.err.write(`${[failure.message, failure.remedy].filter(Boolean).join('\n')}\n`)
    },
  }
}
