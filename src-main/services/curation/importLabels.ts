import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { GliadeskError, type LabelsImport, type LabelsImportRequest } from '../../contract/index.ts'
import { splitImageName } from '../../imaging/formats/index.ts'
import { explainGridDifference } from '../../imaging/geometry/index.ts'
import { volumesMl, writeLabelmap } from '../../imaging/labelmap/index.ts'
import { asStorageError, sha256Of, type Workspace } from '../../storage/index.ts'
import { listCases } from '../cases/index.ts'
import { readLabelLookup, readSourceLabel } from '../datasets/index.ts'
import { newId } from '../identifiers/index.ts'
import { addVersion, listVersions } from '../labels/index.ts'
import { notFound } from '../notFound.ts'
import { addProposal } from '../proposals/index.ts'
import { recordProvenance } from '../provenance/index.ts'

/** The model that proposals from outside are written down for: none of this workspace. */
const OUTSIDE_MODEL = 'outside'

/** What a case and a file have in common in their names: case, separators and the marks of a segmentation do not count. */
const nameKey = (name: string): string =>
  name
    .replace(/[-_.](seg|dseg|pred|prediction|label)$/i, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')

/**
 * Adds segmentations that another program drew, as nnU-Net's predictions, to the cases of a data set that have their
 * names. Values are read by the folder's `dataset.json` where it has one, else as 1 NCR, 2 ED, 3 ET. Each becomes a
 * proposal to be read, or a label version; what was drawn before stays. A file that matches no case or cannot be used is
 * told, and everything else goes on.
 *
 * @param author who an imported version is written down for
 * @param onCase told the id of every case that got a label
 * @throws GliadeskError NOT_FOUND for an unknown data set or folder; DISK_FULL, READ_ONLY
 */
export async function importLabels(
  workspace: Workspace,
  request: LabelsImportRequest,
  author: string,
  onCase: (caseId: string) => void,
): Promise<LabelsImport> {
  const { database, objects } = workspace
  const { datasetId, as } = request
  if (!database.get('SELECT id FROM datasets WHERE id = :datasetId', { datasetId })) {
    throw notFound('data set', datasetId)
  }
  const folder = resolve(request.path)
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  )
  if (!isFolder) {
    const remedy = 'Choose the folder that holds one segmentation a case.'
    throw new GliadeskError('NOT_FOUND', `${folder} is no folder that can be opened.`, remedy)
  }
  const lookup = await readLabelLookup(folder)
  const cases = listCases(database, datasetId)
  const files = (await readdir(folder)).sort().flatMap((name) => {
    const parts = splitImageName(name)
    return parts ? [{ path: join(folder, name), key: nameKey(parts.stem) }] : []
  })
  const added: LabelsImport['added'] = []
  const unmatched: string[] = []
  const refused: LabelsImport['refused'] = []
  const drawn = new Set<string>()
  for (const { path, key } of files) {
    const matches = cases.filter(({ name }) => nameKey(name) === key)
    const [found] = matches
    if (matches.length === 0) {
      unmatched.push(path)
      continue
    }
    if (matches.length > 1 || drawn.has(found.id)) {
      const message = `${basename(path)} could be meant for several cases, or is the second for ${found.name}.`
      refused.push({ path, message })
      continue
    }
    try {
      const source = await readSourceLabel(workspace, path, found.grid, {
        conventionIfAbsent: 'et3',
        lookup,
      })
      const difference = explainGridDifference(source.grid, found.grid, ['the file', 'the case'])
      if (difference) {
        refused.push({ path, message: `${basename(path)}: ${difference}` })
        continue
      }
      const { labels } = source
      const convention = as === 'proposal' ? 'et3' : found.labelConvention
      const objectSha256 = await objects.put(
        await writeLabelmap({ labels, grid: found.grid, convention }),
      )
      recordProvenance(database, {
        objectSha256,
        operation: `take a segmentation over as a ${as === 'proposal' ? 'proposal' : 'version'}`,
        sources: [{ path, sha256: sha256Of(await readFile(path)) }],
        parameters: { drawnBy: request.drawnBy, reading: lookup ? 'dataset.json' : 'values' },
      })
      const volumes = volumesMl(labels, found.grid)
      if (as === 'proposal') {
        const proposal = {
          id: newId('proposal'),
          caseId: found.id,
          modelId: OUTSIDE_MODEL,
          modelName: request.drawnBy,
          state: 'open',
          createdAt: new Date().toISOString(),
          objectSha256,
          uncertaintySha256: null,
          uncertaintyScore: null,
          volumesMl: volumes,
        } as const
        addProposal(database, proposal, null)
      } else {
        addVersion(workspace, {
          caseId: found.id,
          parentId: listVersions(database, found.id).at(-1)?.id ?? null,
          objectSha256,
          origin: 'import',
          author,
          note: `From ${basename(path)}, drawn by ${request.drawnBy}`,
          volumesMl: volumes,
        })
      }
      drawn.add(found.id)
      added.push({ caseId: found.id, caseName: found.name, path, wholeTumourMl: volumes.WT })
      onCase(found.id)
    } catch (error) {
      const known = asStorageError(error, 'importing the segmentation', path)
      if (known.code === 'DISK_FULL' || known.code === 'READ_ONLY') throw known
      refused.push({ path, message: known.message })
    }
  }
  const without = cases.filter(({ id }) => !drawn.has(id)).map(({ name }) => name)
  return { added, unmatched, refused, without }
}
