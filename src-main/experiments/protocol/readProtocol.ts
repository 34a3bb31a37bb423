import { readFile } from 'node:fs/promises'
import { GliadeskError } from '../../contract/index.ts'
import { experimentProtocolSchema, type ExperimentProtocol } from './experimentProtocol.ts'

/**
 * Reads and checks a protocol file.
 *
 * @throws GliadeskError NOT_FOUND, or BAD_FILE naming the field
 */
export async function readProtocol(path: string): Promise<ExperimentProtocol> {
  const remedy = 'Compare it with models/experiments/smoke.json and docs/experiments.md.'
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    throw new GliadeskError(
      'NOT_FOUND',
      `The protocol ${path} cannot be read.`,
      'Check the path.',
      {
        cause,
      },
    )
  }
  let raw: unknown
  try {
    raw = JSON.parse(text)
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : ''
    throw new GliadeskError('BAD_FILE', `The protocol ${path} is no JSON: ${detail}`, remedy, {
      cause,
    })
  }
  const parsed = experimentProtocolSchema.safeParse(raw)
  if (parsed.success) return parsed.data
  const [{ path: field, message }] = parsed.error.issues
  const where = field.map(String).join('.') || 'the document'
  throw new GliadeskError('BAD_FILE', `The protocol ${path}, ${where}: ${message}.`, remedy)
}
