import type { CaseScore, Evaluation } from '../../contract/index.ts'

/**
 * The newest score of every held-out case among a model's evaluations. Test cases only; validation cases chose the
 * weights, so they would flatter.
 *
 * @param evaluations newest first
 */
export function heldOutScores(evaluations: readonly Evaluation[]): CaseScore[] {
  const newest = new Map<string, CaseScore>()
  for (const evaluation of evaluations) {
    if (evaluation.split !== 'test') continue
    for (const score of evaluation.scores) {
      if (!newest.has(score.caseId)) newest.set(score.caseId, score)
    }
  }
  return [...newest.values()]
}
