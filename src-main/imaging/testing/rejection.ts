import { GliadeskError } from '../../contract/errors.ts'

/** The GliadeskError that an action fails with; throws where it succeeds or fails otherwise. */
export async function rejectionOf(action: () => unknown): Promise<GliadeskError> {
  try {
    await action()
  } catch (error) {
    if (error instanceof GliadeskError) return error
    throw new Error('Failed with something else than a GliadeskError', { cause: error })
  }
  throw new Error('Did not fail')
}
