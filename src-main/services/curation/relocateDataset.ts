import { readFile, stat } from 'node:fs/promises'
import { basename, join, relative, resolve } from 'node:path'
import { GliadeskError, type Relocation } from '../../contract/index.ts'
import { sha256Of, type Workspace } from '../../storage/index.ts'
import { listFiles } from '../datasets/index.ts'

/**
 * Points a data set at the folder that its files moved to. A file counts as found only where its content's hash is the
 * one that was imported: first at the same place under the new folder, else anywhere in it by its name. What is found
 * is taken over, also where something else is missing.
 *
 * @throws GliadeskError NOT_FOUND for an unknown data set or a folder that is not there; BAD_INPUT where nothing matches
 */
export async function relocateDataset(
  workspace: Workspace,
  datasetId: string,
  path: string,
): Promise<Relocation> {
  const { database } = workspace
  const root = resolve(path)
  const dataset = database.get<{ root_path: string }>(
    'SELECT root_path FROM datasets WHERE id = :datasetId',
    {
      datasetId,
    },
  )
  const isFolder = await stat(root).then(
    (found) => found.isDirectory(),
    () => false,
  )
  if (!dataset || !isFolder) {
    throw new GliadeskError(
      'NOT_FOUND',
      dataset
        ? `${root} is no folder that can be opened.`
        : 'This data set is no longer in the workspace.',
      'Choose the folder that the data set was moved to.',
    )
  }
  const rows = database.all<{ case_id: string; sequence: string; path: string; sha256: string }>(
    `SELECT case_id, sequence, images.path, sha256 FROM images JOIN cases ON cases.id = images.case_id
     WHERE cases.dataset_id = :datasetId`,
    { datasetId },
  )
  const byName = new Map<string, string[]>()
  for (const file of await listFiles(root, () => undefined)) {
    byName.set(basename(file), [...(byName.get(basename(file)) ?? []), file])
  }
  const hashes = new Map<string, string | null>()
  const hashOf = async (file: string): Promise<string | null> => {
    const known = hashes.get(file)
    if (known !== undefined) return known
    const hash = await readFile(file).then(sha256Of, () => null)
    hashes.set(file, hash)
    return hash
  }
  const found: { row: (typeof rows)[number]; path: string }[] = []
  const missing: string[] = []
  const changed: string[] = []
  let unmoved = 0
  for (const row of rows) {
    const samePlace = join(root, relative(dataset.root_path, row.path))
    const candidates = [samePlace, ...(byName.get(basename(row.path)) ?? [])]
    let match: string | null = null
    let isThere = false
    for (const candidate of new Set(candidates)) {
      const hash = await hashOf(candidate)
      isThere ||= hash !== null
      if (hash === row.sha256) match = candidate
      if (match) break
    }
    if (!match) (isThere ? changed : missing).push(row.path)
    else if (match === row.path) unmoved++
    else found.push({ row, path: match })
  }
  if (found.length + unmoved === 0) {
    throw new GliadeskError(
      'BAD_INPUT',
      `${root} holds none of the ${rows.length} images of this data set with the content that was imported.`,
      'Choose the folder that the data set was moved to, or import this one as a new data set.',
    )
  }
  database.transaction(() => {
    for (const { row, path: moved } of found) {
      database.run('UPDATE images SET path = :moved WHERE case_id = :id AND sequence = :sequence', {
        moved,
        id: row.case_id,
        sequence: row.sequence,
      })
    }
    const isTaken = database.get(
      'SELECT id FROM datasets WHERE root_path = :root AND id <> :datasetId',
      {
        root,
        datasetId,
      },
    )
    if (!isTaken) {
      database.run('UPDATE datasets SET root_path = :root WHERE id = :datasetId', {
        root,
        datasetId,
      })
    }
  })
  return { moved: found.length, unmoved, missing, changed }
}
