import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readLabelmap } from '../imaging/labelmap/index.ts'
import { labelsWith, writeBratsCase } from '../services/testing/bratsFolder.ts'
import type { Application } from './openApplication.ts'
import { currentLabels, paint } from './testing/editing.ts'
import {
  follow,
  importAll,
  openTestApplication,
  temporaryFolder,
} from './testing/testApplication.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let application: Application
let caseId: string
let proposalId: string

beforeEach(async () => {
  folder = await temporaryFolder('proposals')
  await writeBratsCase(join(folder.path, 'data'), 'A', { labels: labelsWith(2, 9) })
  application = await openTestApplication(join(folder.path, 'workspace'))
  await importAll(application, join(folder.path, 'data'))
  ;[{ id: caseId }] = await application.client.cases.list({ datasetId: null })
  const job = await application.client.jobs.predict({
    modelId: null,
    caseIds: [caseId],
    inference: null,
    backend: 'auto',
  })
  await follow(application, job.id)
  proposalId = (await detail()).proposal?.id ?? ''
})
afterEach(async () => {
  await application.close()
  await folder.remove()
})

const detail = () => application.client.cases.get({ caseId })
const audited = () => application.services.audit.list().map(({ action }) => action)

describe('a proposal', () => {
  it('touches no label until it is accepted, and is accepted as one undo step', async () => {
    expect(await currentLabels(application, caseId)).toEqual(labelsWith(2, 9))
    const { accept } = application.client.proposals
    const result = await accept({ proposalId, cursor: 0, scope: { kind: 'all' } })
    expect(result).toMatchObject({
      cursor: 1,
      history: [{ title: 'Accept proposal', changedVoxels: 2 }],
    })
    expect(result.appliedDelta).not.toBeNull()
    expect(await currentLabels(application, caseId)).toEqual(labelsWith(3, 5))
    expect((await detail()).proposal?.state).toBe('accepted')
    await application.client.labels.undo({ caseId, cursor: 1 })
    expect(await currentLabels(application, caseId)).toEqual(labelsWith(2, 9))
    expect(audited()).toContain('proposal.accept')
  })

  it('can be accepted in part', async () => {
    const scope = { kind: 'component' as const, voxel: 5 }
    await application.client.proposals.accept({ proposalId, cursor: 0, scope })
    const expected = labelsWith(2, 9)
    expected[5] = 3
    expect(await currentLabels(application, caseId)).toEqual(expected)
    expect((await detail()).proposal?.state).toBe('partly-accepted')
  })

  it('is refused where the label has changed meanwhile, and stays open', async () => {
    await paint(application, caseId, 20, 1)
    await expect(
      application.client.proposals.accept({ proposalId, cursor: 0, scope: { kind: 'all' } }),
    ).rejects.toMatchObject({ code: 'STALE_EDIT' })
    expect((await detail()).proposal?.state).toBe('open')
  })

  it('leaves no trace in the label when rejected, and is recorded', async () => {
    await application.client.proposals.reject({ proposalId })
    const session = await application.client.labels.open({ caseId })
    expect(session).toMatchObject({ cursor: 0, history: [] })
    expect((await detail()).proposal?.state).toBe('rejected')
    expect(audited()).toContain('proposal.reject')
    await expect(
      application.client.proposals.accept({ proposalId, cursor: 0, scope: { kind: 'all' } }),
    ).rejects.toMatchObject({ code: 'WRONG_STATE' })
  })

  it('is exported in the convention and with the header of the case', async () => {
    const { path } = await application.client.proposals.exportProposal({
      proposalId,
      path: folder.path,
    })
    const exported = await readLabelmap(await readFile(path), 'export')
    expect(exported).toMatchObject({ convention: 'et4', labels: labelsWith(3, 5) })
    const source = await readLabelmap(
      await readFile(join(folder.path, 'data/A/A_seg.nii.gz')),
      'seg',
    )
    expect(exported.header.raw).toEqual(source.header.raw)
  })

  it('is shown with its uncertainty map', async () => {
    const source = { kind: 'uncertainty' as const, proposalId }
    const volume = await application.client.cases.volume({ caseId, source })
    const path = await application.services.volumes.findData(volume.sha256)
    expect((await readFile(path ?? ''))[5]).toBe(120)
  })
})
