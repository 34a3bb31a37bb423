import { readFile } from 'node:fs/promises'
import type { CaseSummary, RankedCase, RankRequest } from '../../contract/index.ts'
import { readLabelmap, type Labelmap } from '../../imaging/labelmap/index.ts'
import { randomStream } from '../../imaging/random/randomStream.ts'
import type { Workspace } from '../../storage/index.ts'
import { listCases } from '../cases/index.ts'
import { listVersions } from '../labels/index.ts'
import { newestProposals } from '../proposals/index.ts'
import { describeTumour } from './describeTumour.ts'
import { disagreement } from './disagreement.ts'
import { farthestFirst } from './farthestFirst.ts'

type Candidate = Omit<CaseSummary, 'priorityReason'>

export interface AcquisitionService {
  /**
   * Orders the cases of a data set that nobody has labelled by how much correcting them should teach. Test cases take no
   * part: what is learned from cannot measure.
   */
  rank(request: RankRequest): Promise<RankedCase[]>
}

const percent = (share: number): string => `${Math.round(100 * share)} %`
const NO_PROPOSAL = 'No network has drawn on this case, so nothing is known about it.'

export function createAcquisitionService(workspace: Workspace): AcquisitionService {
  const { database, objects } = workspace

  const drawn = async (caseId: string): Promise<Labelmap[]> =>
    Promise.all(
      newestProposals(database, caseId).map(async ({ objectSha256 }) =>
        readLabelmap(await readFile(objects.pathOf(objectSha256)), 'a proposal', 'et3'),
      ),
    )
  const ranked = ({ id, name }: Candidate, score: number | null, reason: string): RankedCase => ({
    caseId: id,
    caseName: name,
    score,
    reason,
  })
  const byScore = (cases: RankedCase[]): RankedCase[] =>
    cases.sort((a, b) => (b.score ?? -Infinity) - (a.score ?? -Infinity))

  const byEntropy = (candidates: readonly Candidate[]): RankedCase[] =>
    byScore(
      candidates.map((each) => {
        const { uncertaintyScore: score } = each
        if (score === null) return ranked(each, null, NO_PROPOSAL)
        return ranked(
          each,
          score,
          `The network is unsure here: mean entropy ${percent(score)} of the highest possible.`,
        )
      }),
    )

  const byDisagreement = async (candidates: readonly Candidate[]): Promise<RankedCase[]> => {
    const found: RankedCase[] = []
    for (const each of candidates) {
      const maps = await drawn(each.id)
      const score = disagreement(maps.map(({ labels }) => labels))
      found.push(
        score === null
          ? ranked(
              each,
              null,
              'Fewer than two models have drawn on this case; predict it with another.',
            )
          : ranked(
              each,
              score,
              `${maps.length} models differ here: they share ${percent(1 - score)} of what they drew (mean Dice).`,
            ),
      )
    }
    return byScore(found)
  }

  const byDiversity = async (
    candidates: readonly Candidate[],
    labelled: readonly Candidate[],
  ): Promise<RankedCase[]> => {
    const known: number[][] = []
    for (const { id, labelConvention } of labelled) {
      const version = listVersions(database, id).at(-1)
      if (!version) continue
      const bytes = await readFile(objects.pathOf(version.objectSha256))
      const { labels, grid } = await readLabelmap(bytes, 'a version', labelConvention)
      known.push(describeTumour(labels, grid))
    }
    const seen: { each: Candidate; features: number[] }[] = []
    const unseen: RankedCase[] = []
    for (const each of candidates) {
      const [map] = await drawn(each.id)
      if (map) seen.push({ each, features: describeTumour(map.labels, map.grid) })
      else unseen.push(ranked(each, null, NO_PROPOSAL))
    }
    const order = farthestFirst(
      seen.map(({ features }) => features),
      known,
    )
    const chosen = order.map(({ index, distance }) =>
      ranked(
        seen[index].each,
        distance,
        distance === null
          ? 'The most typical of the cases: a start where nothing is labelled yet.'
          : `Unlike what is labelled or stands above it: ${distance.toFixed(1)} deviations away in the tumour’s size, make-up and place.`,
      ),
    )
    return [...chosen, ...unseen]
  }

  return {
    rank: async ({ datasetId, strategy, seed }) => {
      const all = listCases(database, datasetId).filter(({ split }) => split !== 'test')
      const candidates = all.filter(({ versionCount }) => versionCount === 0)
      switch (strategy) {
        case 'entropy':
          return byEntropy(candidates)
        case 'disagreement':
          return byDisagreement(candidates)
        case 'diversity':
          return byDiversity(
            candidates,
            all.filter(({ versionCount }) => versionCount > 0),
          )
        case 'random':
          return randomStream(seed, 'acquisition')
            .shuffled(candidates)
            .map((each) =>
              ranked(each, null, 'Drawn by chance, as a measure for the other orders.'),
            )
      }
    },
  }
}
