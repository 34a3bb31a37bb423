import type { CaseSummary } from '../../contract/index.ts'

type Unordered = Omit<CaseSummary, 'priorityReason'>

/** Where a case stands in the worklist, most urgent first, and the sentence that says why. */
interface Rank {
  readonly group: number
  /** Within the group, larger first. */
  readonly weight: number
  readonly reason: string
}

const percent = (fraction: number): string => `${Math.round(fraction * 100)} %`

function rankOf(summary: Unordered): Rank {
  const { reviewState, proposalState, uncertaintyScore, flagReason, versionCount } = summary
  const isOpen = proposalState === 'open' || proposalState === 'partly-accepted'
  switch (reviewState) {
    case 'in-progress':
      return { group: 0, weight: 0, reason: 'You have begun this case.' }
    case 'flagged':
      return {
        group: 1,
        weight: 0,
        reason: flagReason ? `Flagged: ${flagReason}` : 'Flagged for a second look.',
      }
    case 'unseen':
      if (isOpen && uncertaintyScore !== null) {
        return {
          group: 2,
          weight: uncertaintyScore,
          reason: `A proposal waits; the network’s uncertainty is ${percent(uncertaintyScore)} (unsure cases come first).`,
        }
      }
      if (isOpen) return { group: 3, weight: 0, reason: 'A proposal waits to be read.' }
      return versionCount > 0
        ? { group: 5, weight: 0, reason: 'Came with a segmentation; nobody has read it here yet.' }
        : {
            group: 4,
            weight: 0,
            reason: 'Nobody has read this case and no network has drawn on it.',
          }
    case 'corrected':
      return { group: 6, weight: 0, reason: 'Corrected; waits for approval.' }
    case 'approved':
      return { group: 7, weight: 0, reason: 'Approved; nothing left to do.' }
  }
}

/** Orders a worklist, most urgent first, and gives every case its reason. Ties keep the order they came in. */
export function prioritise(summaries: readonly Unordered[]): CaseSummary[] {
  return summaries
    .map((summary) => ({ summary, rank: rankOf(summary) }))
    .sort((a, b) => a.rank.group - b.rank.group || b.rank.weight - a.rank.weight)
    .map(({ summary, rank }) => ({ ...summary, priorityReason: rank.reason }))
}
