import { proposalSchema, type Proposal } from '../../contract/index.ts'
import type { Database } from '../../storage/index.ts'
import { notFound } from '../notFound.ts'

interface ProposalRow {
  id: string
  case_id: string
  model_id: string
  model_name: string
  state: string
  object_sha256: string
  uncertainty_sha256: string | null
  uncertainty_score: number | null
  volumes_json: string
  created_at: string
}

const proposalOf = (row: ProposalRow): Proposal =>
  proposalSchema.parse({
    id: row.id,
    caseId: row.case_id,
    modelId: row.model_id,
    modelName: row.model_name,
    state: row.state,
    createdAt: row.created_at,
    objectSha256: row.object_sha256,
    uncertaintySha256: row.uncertainty_sha256,
    uncertaintyScore: row.uncertainty_score,
    volumesMl: JSON.parse(row.volumes_json),
  })

/** @throws GliadeskError NOT_FOUND */
export function findProposal(database: Database, proposalId: string): Proposal {
  const row = database.get<ProposalRow>('SELECT * FROM proposals WHERE id = :proposalId', {
    proposalId,
  })
  if (!row) throw notFound('proposal', proposalId)
  return proposalOf(row)
}

/** What a network drew last on a case; null where none did. */
export function newestProposal(database: Database, caseId: string): Proposal | null {
  const row = database.get<ProposalRow>(
    'SELECT * FROM proposals WHERE case_id = :caseId ORDER BY created_at DESC, rowid DESC LIMIT 1',
    { caseId },
  )
  return row ? proposalOf(row) : null
}

/** What each model drew last on a case, newest first. */
export function newestProposals(database: Database, caseId: string): Proposal[] {
  const models = new Set<string>()
  return database
    .all<ProposalRow>(
      'SELECT * FROM proposals WHERE case_id = :caseId ORDER BY created_at DESC, rowid DESC',
      { caseId },
    )
    .map(proposalOf)
    .filter(({ modelId }) => !models.has(modelId) && models.add(modelId))
}

/** Adds the row of a proposal whose objects are already stored. */
export function addProposal(database: Database, proposal: Proposal, jobId: string | null): void {
  database.run(
    `INSERT INTO proposals (id, case_id, model_id, model_name, job_id, state, object_sha256, uncertainty_sha256,
       uncertainty_score, volumes_json, created_at)
     VALUES (:id, :caseId, :modelId, :modelName, :jobId, :state, :objectSha256, :uncertaintySha256,
       :uncertaintyScore, :volumes, :createdAt)`,
    {
      id: proposal.id,
      caseId: proposal.caseId,
      modelId: proposal.modelId,
      modelName: proposal.modelName,
      jobId,
      state: proposal.state,
      objectSha256: proposal.objectSha256,
      uncertaintySha256: proposal.uncertaintySha256,
      uncertaintyScore: proposal.uncertaintyScore,
      volumes: JSON.stringify(proposal.volumesMl),
      createdAt: proposal.createdAt,
    },
  )
}
