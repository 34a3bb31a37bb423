import { GliadeskError, type CaseDetail, type LabelVersion } from '../contract/index.ts'
import type { CommandContext } from './commandRunner.ts'
import { findByName } from './findByName.ts'

/**
 * A case by name or id, and one of its label versions: the newest where no number is given.
 *
 * @throws GliadeskError NOT_FOUND
 */
export async function caseVersion(
  { client }: CommandContext,
  wanted: string,
  number?: number,
): Promise<{ found: CaseDetail; version: LabelVersion }> {
  const { id } = findByName('case', wanted, await client.cases.list({ datasetId: null }))
  const found = await client.cases.get({ caseId: id })
  const version =
    number === undefined
      ? found.versions.at(-1)
      : found.versions.find((one) => one.number === number)
  if (version) return { found, version }
  const numbers = found.versions.map((one) => one.number).join(', ')
  throw new GliadeskError(
    'NOT_FOUND',
    `${found.name} has no ${number === undefined ? 'saved label' : `label version ${number}`}.`,
    numbers === '' ? 'Save a version first.' : `It has the versions ${numbers}.`,
  )
}
