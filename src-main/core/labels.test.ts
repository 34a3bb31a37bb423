import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readLabelmap } from '../imaging/labelmap/index.ts'
import { nodeFileSystem } from '../storage/index.ts'
import {
  faultyFileSystem,
  type FaultyFileSystem,
} from '../storage/fileSystem/testing/faultyFileSystem.ts'
import { labelsWith, writeBratsCase } from '../services/testing/bratsFolder.ts'
import type { Application } from './openApplication.ts'
import { currentLabels, paint } from './testing/editing.ts'
import { importAll, openTestApplication, temporaryFolder } from './testing/testApplication.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let application: Application
let files: FaultyFileSystem
let caseId: string
let emptyCaseId: string

const open = async (): Promise<void> => {
  application = await openTestApplication(join(folder.path, 'workspace'), { files })
}
beforeEach(async () => {
  folder = await temporaryFolder('labels')
  files = faultyFileSystem(nodeFileSystem)
  const data = join(folder.path, 'data')
  await writeBratsCase(data, 'A', { labels: labelsWith(3, 1, 2) })
  await writeBratsCase(data, 'B')
  await open()
  await importAll(application, data)
  const cases = await application.client.cases.list({ datasetId: null })
  caseId = cases.find(({ name }) => name === 'A')?.id ?? ''
  emptyCaseId = cases.find(({ name }) => name === 'B')?.id ?? ''
})
afterEach(async () => {
  await application.close()
  await folder.remove()
})

const newest = async (id: string) =>
  (await application.client.cases.get({ caseId: id })).versions.at(-1)

describe('labels', () => {
  it('start from the segmentation that came with the case, or from nothing', async () => {
    expect(await currentLabels(application, caseId)).toEqual(labelsWith(3, 1, 2))
    expect(await currentLabels(application, emptyCaseId)).toEqual(labelsWith(0))
  })

  it('are cleaned up and grown as one undo step that the journal keeps', async () => {
    const { labels } = application.client
    await paint(application, caseId, 10, 1)
    const before = await currentLabels(application, caseId)
    const operation = { kind: 'grow', label: 3, marginMm: 1 } as const
    const grown = await labels.applyOperation({ caseId, cursor: 1, operation })
    expect(grown.history.at(-1)?.title).toBe('Grow ET by 1 mm')
    const after = await currentLabels(application, caseId)
    expect(after.filter((value) => value === 3).length).toBeGreaterThan(
      before.filter((value) => value === 3).length,
    )
    await application.close()
    await open()
    expect(await currentLabels(application, caseId)).toEqual(after)
    await application.client.labels.undo({ caseId, cursor: grown.cursor })
    expect(await currentLabels(application, caseId)).toEqual(before)
  })

  it('grow along the image of a sequence, and say what locks forbid', async () => {
    const { labels } = application.client
    const operation = {
      kind: 'grow-region',
      label: 1,
      sequence: 'flair',
      voxel: 0,
      tolerance: 3,
    } as const
    const grown = await labels.applyOperation({ caseId, cursor: 0, operation, locked: [3] })
    const after = await currentLabels(application, caseId)
    expect(after[0]).toBe(1)
    expect([after[1], after[2]]).toEqual([3, 3])
    const absent = { kind: 'keep-largest', label: 2 } as const
    const nothing = await labels.applyOperation({
      caseId,
      cursor: grown.cursor,
      operation: absent,
    })
    expect(nothing).toMatchObject({ appliedDelta: null, cursor: grown.cursor })
    await expect(
      labels.applyOperation({
        caseId,
        cursor: grown.cursor,
        operation: { kind: 'grow', label: 3, marginMm: 2 },
        locked: [3],
      }),
    ).rejects.toMatchObject({ code: 'BAD_INPUT' })
  })

  it('undo and redo across a restart, with the deltas that a window applies', async () => {
    await paint(application, caseId, 10, 1)
    await paint(application, caseId, 11, 2)
    await application.close()
    await open()
    const { labels } = application.client
    const session = await labels.open({ caseId })
    expect(session).toMatchObject({ cursor: 2, unsavedEdits: 2, recovered: null })
    expect(session.history.map(({ title, undone }) => [title, undone])).toEqual([
      ['Voxel 10', false],
      ['Voxel 11', false],
    ])
    const undone = await labels.undo({ caseId, cursor: 2 })
    expect(undone.appliedDelta).not.toBeNull()
    expect((await currentLabels(application, caseId))[11]).toBe(0)
    await labels.redo({ caseId, cursor: undone.cursor })
    expect((await currentLabels(application, caseId))[11]).toBe(2)
  })

  it('refuse an edit from a window that has not seen the newest', async () => {
    await paint(application, caseId, 10, 1)
    await expect(paint(application, caseId, 12, 1, 0)).rejects.toMatchObject({ code: 'STALE_EDIT' })
    expect((await currentLabels(application, caseId))[12]).toBe(0)
  })

  it('save a version that is read back bit for bit and exported as a copy', async () => {
    const { cursor } = await paint(application, caseId, 10, 1)
    const version = await application.client.labels.saveVersion({ caseId, cursor, note: 'rim' })
    expect(version).toMatchObject({ number: 2, origin: 'reader', note: 'rim' })
    expect(version.parentId).toBe((await application.client.cases.get({ caseId })).versions[0].id)
    const expected = labelsWith(3, 1, 2)
    expected[10] = 1
    const volume = await application.client.cases.volume({
      caseId,
      source: { kind: 'version', versionId: version.id },
    })
    const stored = await application.services.volumes.findData(volume.sha256)
    expect(new Uint8Array(await readFile(stored ?? ''))).toEqual(expected)

    const target = join(folder.path, 'export.nii.gz')
    const { path } = await application.client.labels.exportVersion({
      caseId,
      versionId: version.id,
      path: target,
    })
    const exported = await readLabelmap(await readFile(path), 'export')
    expect(exported).toMatchObject({ convention: 'et4', labels: expected })
    const source = await readLabelmap(
      await readFile(join(folder.path, 'data/A/A_seg.nii.gz')),
      'seg',
    )
    expect(exported.header.raw).toEqual(source.header.raw)
  })

  it('export the segmentation that came with a case as the very same bytes', async () => {
    const version = await newest(caseId)
    const { path } = await application.client.labels.exportVersion({
      caseId,
      versionId: version?.id ?? '',
      path: folder.path,
    })
    expect(path).toBe(join(folder.path, 'A_v1.nii.gz'))
    expect(await readFile(path)).toEqual(await readFile(join(folder.path, 'data/A/A_seg.nii.gz')))
  })

  it('never overwrite a source image, nor write to a path that is not full', async () => {
    const version = await newest(caseId)
    const to = (path: string) =>
      application.client.labels.exportVersion({ caseId, versionId: version?.id ?? '', path })
    await expect(to(join(folder.path, 'data/A/A_t1.nii.gz'))).rejects.toMatchObject({
      code: 'BAD_INPUT',
    })
    await expect(to('here.nii.gz')).rejects.toMatchObject({ code: 'BAD_INPUT' })
    const inside = join(folder.path, 'workspace/objects/x.nii.gz')
    await expect(to(inside)).rejects.toMatchObject({ code: 'BAD_INPUT' })
  })

  it('keep the undo history when a version is saved, and restore an older one as an edit', async () => {
    const first = await newest(caseId)
    const { cursor } = await paint(application, caseId, 10, 1)
    await application.client.labels.saveVersion({ caseId, cursor, note: '' })
    const restored = await application.client.labels.restoreVersion({
      caseId,
      cursor,
      versionId: first?.id ?? '',
    })
    expect(await currentLabels(application, caseId)).toEqual(labelsWith(3, 1, 2))
    expect(restored.history.map(({ title }) => title)).toEqual(['Voxel 10', 'Restore version 1'])
    await application.client.labels.undo({ caseId, cursor: restored.cursor })
    expect((await currentLabels(application, caseId))[10]).toBe(1)
    expect((await application.client.labels.open({ caseId })).unsavedEdits).toBe(0)
  })

  it('lose nothing to a full disk: the stroke is refused in a sentence and goes through later', async () => {
    await paint(application, caseId, 10, 1)
    files.breakWrites('ENOSPC')
    await expect(paint(application, caseId, 11, 1)).rejects.toMatchObject({
      code: 'DISK_FULL',
      message: expect.stringContaining('disk is full'),
    })
    const { labels } = application.client
    await expect(labels.undo({ caseId, cursor: 1 })).rejects.toMatchObject({ code: 'DISK_FULL' })
    await expect(labels.saveVersion({ caseId, cursor: 1, note: '' })).rejects.toMatchObject({
      code: 'DISK_FULL',
    })
    expect((await application.client.cases.get({ caseId })).versions).toHaveLength(1)
    files.breakWrites(null)
    expect(await currentLabels(application, caseId)).toEqual(labelsWithOne())
    await paint(application, caseId, 11, 2)
    await application.close()
    await open()
    const session = await reopened()
    expect(session.history.map(({ title }) => title)).toEqual(['Voxel 10', 'Voxel 11'])
    expect(session.recovered).toBeNull()
  })

  it('say what a torn journal lost', async () => {
    await paint(application, caseId, 10, 1)
    await paint(application, caseId, 11, 1)
    await application.close()
    const journal = join(folder.path, 'workspace/journals', `${caseId}.journal`)
    const bytes = await readFile(journal)
    await writeFile(journal, bytes.subarray(0, bytes.length - 3))
    await open()
    const session = await reopened()
    expect(session.history.map(({ title }) => title)).toEqual(['Voxel 10'])
    expect(session.recovered?.strokes).toBe(1)
    expect(session.recovered?.droppedBytes).toBeGreaterThan(10)
  })

  it('are signed as one version: approval needs a saved state and ends with the next edit', async () => {
    const { cases } = application.client
    const approve = () => cases.setReviewState({ caseId, state: 'approved', reason: null })
    await paint(application, caseId, 10, 1)
    await expect(approve()).rejects.toMatchObject({ code: 'WRONG_STATE' })
    await application.client.labels.saveVersion({ caseId, cursor: 1, note: '' })
    expect(await approve()).toMatchObject({ reviewState: 'approved' })
    const row = application.services.audit.list().at(-1)
    expect(row).toMatchObject({ action: 'case.review.approved' })
    expect(row?.detail.objectSha256).toBe((await newest(caseId))?.objectSha256)
    await paint(application, caseId, 12, 1)
    expect(await cases.get({ caseId })).toMatchObject({ reviewState: 'in-progress' })
    await expect(
      cases.setReviewState({ caseId, state: 'flagged', reason: ' ' }),
    ).rejects.toMatchObject({ code: 'BAD_INPUT' })
    await expect(
      cases.setReviewState({ caseId: emptyCaseId, state: 'approved', reason: null }),
    ).rejects.toMatchObject({ code: 'WRONG_STATE' })
    expect(application.services.audit.firstBrokenRow()).toBeNull()
  })
})

const labelsWithOne = (): Uint8Array => {
  const labels = labelsWith(3, 1, 2)
  labels[10] = 1
  return labels
}
const reopened = () => application.client.labels.open({ caseId })
