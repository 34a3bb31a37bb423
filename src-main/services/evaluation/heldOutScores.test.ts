import { expect, it } from 'vitest'
import type { CaseScore, Evaluation, Split } from '../../contract/index.ts'
import { heldOutScores } from './heldOutScores.ts'

const evaluation = (split: Split, dice: Record<string, number>): Evaluation => ({
  id: 'evaluation-1',
  modelId: 'model-1',
  datasetId: 'dataset-1',
  split,
  createdAt: '2026-11-24T12:00:00.000Z',
  scores: Object.entries(dice).map(([caseId, value]): CaseScore => ({
    caseId,
    caseName: caseId,
    dice: { WT: value, TC: value, ET: value },
    hd95Mm: { WT: 1, TC: 1, ET: 1 },
    volumeErrorMl: { WT: 0, TC: 0, ET: 0 },
  })),
  meanDice: { WT: null, TC: null, ET: null },
  meanHd95Mm: { WT: null, TC: null, ET: null },
  undefinedCases: { WT: 0, TC: 0, ET: 0 },
})

it('takes the newest score of every test case and none of another split', () => {
  const scores = heldOutScores([
    evaluation('train', { c: 0.99 }),
    evaluation('test', { a: 0.8 }),
    evaluation('validation', { b: 0.95 }),
    evaluation('test', { a: 0.1, b: 0.7 }),
  ])
  expect(scores.map(({ caseId, dice }) => [caseId, dice.WT])).toEqual([
    ['a', 0.8],
    ['b', 0.7],
  ])
})
