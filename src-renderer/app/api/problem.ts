import { ORPCError } from '@orpc/client'
import { GliadeskError, problemDataSchema } from '../../../src-main/contract/index.ts'
import { text } from '../locale/text.ts'

/** A failure as a reader sees it: what happened, and what to do next. */
export interface Problem {
  readonly code: string
  readonly message: string
  readonly remedy: string
}

/** True for a request that was given up on purpose: nothing to show. */
export const isAbort = (error: unknown): boolean =>
  error instanceof DOMException && error.name === 'AbortError'

/**
 * @param error - anything a call rejected with
 * @returns the core's own words where it sent some; otherwise a sentence for "no answer" or "a fault in the program"
 */
export const toProblem = (error: unknown): Problem => {
  if (error instanceof ORPCError) {
    const data = problemDataSchema.safeParse(error.data)
    return {
      code: String(error.code),
      message: error.message,
      remedy: data.success ? data.data.remedy : text.problems.faultRemedy,
    }
  }
  if (error instanceof GliadeskError) {
    return { code: error.code, message: error.message, remedy: error.remedy }
  }
  // fetch rejects with a TypeError when nothing listens or the connection breaks.
  if (error instanceof TypeError && /fetch|network|load/i.test(error.message)) {
    return {
      code: 'NO_ANSWER',
      message: text.problems.noAnswer,
      remedy: text.problems.noAnswerRemedy,
    }
  }
  return {
    code: 'INTERNAL',
    message: error instanceof Error ? error.message : String(error),
    remedy: text.problems.faultRemedy,
  }
}
