export { compareScores } from './compareScores.ts'
export { addEvaluation, listEvaluations } from './evaluationRecords.ts'
export { heldOutScores } from './heldOutScores.ts'
