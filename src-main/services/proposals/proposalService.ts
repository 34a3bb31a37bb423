import { readFile } from 'node:fs/promises'
import {
  GliadeskError,
  type EditResult,
  type Model,
  type PredictedCase,
  type Proposal,
  type ProposalScope,
} from '../../contract/index.ts'
import { explainGridDifference } from '../../imaging/geometry/index.ts'
import { keepLocked, readLabelmap, volumesMl, writeLabelmap } from '../../imaging/labelmap/index.ts'
import type { Workspace } from '../../storage/index.ts'
import type { ChangeFeed } from '../changes/index.ts'
import { newId } from '../identifiers/index.ts'
import {
  exportPath,
  findLabelCase,
  labelTemplate,
  writeExport,
  type LabelService,
} from '../labels/index.ts'
import type { SettingsService } from '../settings/index.ts'
import { acceptScope, acceptTitle } from './acceptScope.ts'

import { addProposal, findProposal } from './proposalRecords.ts'

export interface ProposalService {
  /**
   * Puts the part into the label as one undo step; voxels of a locked label value stay, and none becomes one.
   *
   * @throws GliadeskError STALE_EDIT, WRONG_STATE, BAD_INPUT
   */
  accept(
    proposalId: string,
    cursor: number,
    scope: ProposalScope,
    locked: readonly number[],
  ): Promise<EditResult>
  /** Leaves no trace in the label; the rejection is recorded. */
  reject(proposalId: string): Proposal
  exportTo(proposalId: string, path: string): Promise<{ path: string }>
  /** Stores what an engine drew on a case. @throws GliadeskError BAD_FILE where it is not on the case's grid */
  add(
    prediction: PredictedCase,
    model: Pick<Model, 'id' | 'name'>,
    jobId: string,
  ): Promise<Proposal>
}

export function createProposalService(services: {
  workspace: Workspace
  labels: LabelService
  settings: SettingsService
  changes: ChangeFeed
}): ProposalService {
  const { workspace, labels, settings, changes } = services
  const { database, objects, audit } = workspace

  const setState = (proposal: Proposal, state: Proposal['state'], scope: string): Proposal => {
    database.transaction(() => {
      database.run('UPDATE proposals SET state = :state WHERE id = :id', { state, id: proposal.id })
      audit.append({
        actor: settings.get().readerName,
        action: state === 'rejected' ? 'proposal.reject' : 'proposal.accept',
        subject: proposal.id,
        detail: { caseId: proposal.caseId, scope, objectSha256: proposal.objectSha256 },
      })
    })
    changes.publish('cases', proposal.caseId)
    return { ...proposal, state }
  }
  const labelsOf = async (proposal: Proposal): Promise<Uint8Array> =>
    (await readLabelmap(await objects.read(proposal.objectSha256), 'the proposal', 'et3')).labels

  return {
    accept: async (proposalId, cursor, scope, locked) => {
      const proposal = findProposal(database, proposalId)
      if (proposal.state === 'rejected') {
        throw new GliadeskError(
          'WRONG_STATE',
          'This proposal was rejected, so nothing of it can be accepted.',
          'Predict the case again to get a new proposal.',
        )
      }
      const proposed = await labelsOf(proposal)
      let isWhole = false
      const result = await labels.transform(
        proposal.caseId,
        cursor,
        acceptTitle(scope),
        async (current, { grid }) => {
          const next = keepLocked(current, acceptScope(current, proposed, grid.dims, scope), locked)
          isWhole = Buffer.compare(next, proposed) === 0
          return next
        },
      )
      setState(proposal, isWhole ? 'accepted' : 'partly-accepted', acceptTitle(scope))
      return result
    },
    reject: (proposalId) => setState(findProposal(database, proposalId), 'rejected', 'all'),
    exportTo: async (proposalId, path) => {
      const proposal = findProposal(database, proposalId)
      const { name, grid, convention } = findLabelCase(workspace, proposal.caseId)
      const target = await exportPath(workspace, path, `${name}_proposal.nii.gz`)
      const template = await labelTemplate(workspace, proposal.caseId)
      const bytes = await writeLabelmap({
        labels: await labelsOf(proposal),
        grid,
        convention,
        template,
      })
      await writeExport(workspace, bytes, { name, convention }, target)
      return { path: target }
    },
    add: async (prediction, model, jobId) => {
      const { name, grid } = findLabelCase(workspace, prediction.caseId)
      const bytes = await readFile(prediction.labelPath)
      const map = await readLabelmap(bytes, `the proposal for ${name}`, 'et3')
      const difference = explainGridDifference(map.grid, grid, ['the proposal', 'the case'])
      if (difference) {
        throw new GliadeskError('BAD_FILE', `${name}: ${difference}`, 'Predict the case again.')
      }
      const proposal: Proposal = {
        id: newId('proposal'),
        caseId: prediction.caseId,
        modelId: model.id,
        modelName: model.name,
        state: 'open',
        createdAt: new Date().toISOString(),
        objectSha256: await objects.put(bytes),
        uncertaintySha256: await objects.put(await readFile(prediction.uncertaintyPath)),
        uncertaintyScore: prediction.uncertaintyScore,
        volumesMl: volumesMl(map.labels, grid),
      }
      addProposal(database, proposal, jobId)
      changes.publish('cases', proposal.caseId)
      return proposal
    },
  }
}
