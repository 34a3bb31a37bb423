import { LABEL_COUNT, type ManifestModel } from '../../contract/index.ts'
import { randomStream } from '../../imaging/index.ts'
import type { FileSystemPort } from '../checkpoint/index.ts'
import { assignParameters, buildUNet, type NamedArray } from '../networks/index.ts'
import { decodeModelFile, type TrainedNetwork } from '../training/index.ts'

/** Reads the weights of a model of the manifest. @throws GliadeskError BAD_FILE */
export async function readWeights(
  model: ManifestModel,
  files: FileSystemPort,
): Promise<ReadonlyMap<string, NamedArray>> {
  const bytes = await files.readFile(model.weightsPath)
  return decodeModelFile(bytes, model.weightsPath, model.network).weights
}

/** Builds a model of the manifest with its weights; the caller disposes its network. */
export async function loadModel(
  model: ManifestModel,
  files: FileSystemPort,
): Promise<TrainedNetwork> {
  const bytes = await files.readFile(model.weightsPath)
  const { weights, window } = decodeModelFile(bytes, model.weightsPath, model.network)
  // The stream only fills the variables that the weights replace at once.
  const stream = randomStream(0, 'replaced')
  const network = buildUNet(model.network, model.sequences.length, LABEL_COUNT, stream)
  assignParameters(network.parameters, weights, model.weightsPath)
  return { network, sequences: model.sequences, window }
}
