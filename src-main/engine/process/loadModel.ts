import { GliadeskError, LABEL_COUNT, type ManifestModel } from '../../contract/index.ts'
import { randomStream } from '../../imaging/index.ts'
import type { FileSystemPort } from '../checkpoint/index.ts'
import { importedNetwork } from '../interchange/execution/index.ts'
import { readOnnxModel } from '../interchange/index.ts'
import { assignParameters, buildNetwork } from '../networks/index.ts'
import { decodeModelFile, type TrainedNetwork } from '../training/index.ts'

/** Reads the weights file of a model of the manifest. @throws GliadeskError BAD_FILE */
export async function readModelFile(
  { weightsPath, network }: ManifestModel,
  files: FileSystemPort,
): Promise<ReturnType<typeof decodeModelFile>> {
  if (network.imported) {
    throw new GliadeskError(
      'BAD_INPUT',
      'A network of another framework cannot be trained further: its layers are run as they are.',
      'Distil a student from it instead.',
    )
  }
  return decodeModelFile(await files.readFile(weightsPath), weightsPath, network)
}

/** Builds a model of the manifest with its weights; the caller disposes its network. */
export async function loadModel(
  model: ManifestModel,
  files: FileSystemPort,
): Promise<TrainedNetwork> {
  const { imported } = model.network
  if (imported) {
    const graph = readOnnxModel(await files.readFile(model.weightsPath), model.weightsPath)
    const config = { ...model.network, imported }
    const network = importedNetwork(graph, config, model.sequences.length)
    return { network, sequences: model.sequences, window: imported.window }
  }
  const { weights, window } = await readModelFile(model, files)
  // The stream only fills the variables that the weights replace at once.
  const stream = randomStream(0, 'replaced')
  const network = buildNetwork(model.network, model.sequences.length, LABEL_COUNT, stream)
  assignParameters(network.parameters, weights, model.weightsPath)
  return { network, sequences: model.sequences, window }
}

/** Builds every network of a model of the manifest: its members, or itself alone. The caller disposes them. */
export async function loadMembers(
  model: ManifestModel,
  files: FileSystemPort,
): Promise<TrainedNetwork[]> {
  const { members = [model] } = model
  const loaded: TrainedNetwork[] = []
  for (const member of members) loaded.push(await loadModel({ ...model, ...member }, files))
  return loaded
}
