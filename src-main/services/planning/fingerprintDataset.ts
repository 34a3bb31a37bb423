import { readFile } from 'node:fs/promises'
import { setImmediate as yieldToOthers } from 'node:timers/promises'
import {
  GliadeskError,
  SEQUENCES,
  type CaseSummary,
  type DatasetFingerprint,
} from '../../contract/index.ts'
import { readCaseFacts, summariseCases, type CaseFacts } from '../../engine/planning/index.ts'
import type { Workspace } from '../../storage/index.ts'
import { listCases } from '../cases/index.ts'
import { manifestCase } from '../jobs/index.ts'
import { notFound } from '../notFound.ts'

/**
 * Reads the labelled training cases of a data set, at most `maxCases` of them evenly over the whole, and tells what they are like.
 * Held-out cases are counted and never read.
 *
 * @throws GliadeskError NOT_FOUND, BAD_INPUT without labelled training cases, BAD_FILE for damaged images
 */
export async function fingerprintDataset(
  workspace: Workspace,
  datasetId: string,
  maxCases: number,
): Promise<DatasetFingerprint> {
  const { database } = workspace
  const dataset = database.get<{ name: string }>(
    'SELECT name FROM datasets WHERE id = :datasetId',
    {
      datasetId,
    },
  )
  if (!dataset) throw notFound('data set', datasetId)
  const cases = listCases(database, datasetId)
  const labelled = cases.filter(({ versionCount }) => versionCount > 0)
  // A case whose sequences lie on grids of their own is not trained on before it is prepared.
  const training = labelled.filter((one) => one.split === 'train' && !one.needsPreparation)
  const facts: CaseFacts[] = []
  for (const one of evenly(training, maxCases)) {
    const found = await readCaseFacts(manifestCase(workspace, one.id), (path) => readFile(path))
    if (found) facts.push(found)
    await yieldToOthers()
  }
  if (facts.length === 0) throw nothingToRead(dataset.name)
  const count = (of: readonly Pick<CaseSummary, 'split'>[], split: CaseSummary['split']): number =>
    of.filter((one) => one.split === split).length
  return {
    datasetId,
    datasetName: dataset.name,
    cases: cases.length,
    split: {
      train: training.length,
      validation: count(labelled, 'validation'),
      test: count(labelled, 'test'),
    },
    unlabelled: count(cases, 'train') - count(labelled, 'train'),
    available: SEQUENCES.map((sequence) => ({
      sequence,
      cases: training.filter(({ sequences }) => sequences.includes(sequence)).length,
    })),
    ...summariseCases(facts),
  }
}

function evenly<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all]
  return Array.from({ length: most }, (_, i) => all[Math.floor((i * all.length) / most)])
}

function nothingToRead(name: string): GliadeskError {
  return new GliadeskError(
    'BAD_INPUT',
    `${name} has no training case with a segmentation, so there is nothing to plan from.`,
    'Import segmentations or save a version on some cases, and see that its split has training cases.',
  )
}
