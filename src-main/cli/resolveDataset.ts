import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Dataset } from '../contract/index.ts'
import type { CommandContext } from './commandRunner.ts'
import { importFolder } from './importFolder.ts'
import { findByName } from './findByName.ts'

/**
 * The data set a person means: an id, a name, or a folder, which is imported where it is not yet.
 *
 * @throws GliadeskError NOT_FOUND listing the data sets there are
 */
export async function resolveDataset(context: CommandContext, wanted: string): Promise<Dataset> {
  const datasets = await context.client.datasets.list({})
  const folder = resolve(wanted)
  const known = datasets.find((dataset) => dataset.rootPath === folder)
  if (known !== undefined) return known
  if (!datasets.some(({ id, name }) => id === wanted || name === wanted) && existsSync(folder)) {
    const outcome = await importFolder(context, folder, { name: null })
    return findByName('data set', outcome.datasetId, await context.client.datasets.list({}))
  }
  return findByName('data set', wanted, datasets)
}
