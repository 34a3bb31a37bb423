import { LABEL_COUNT, type ManifestModel } from '../../contract/index.ts'
import { randomStream } from '../../imaging/index.ts'
import type { FileSystemPort } from '../checkpoint/index.ts'
import { assignParameters, buildUNet } from '../networks/index.ts'
import { decodeModelFile, type TrainedNetwork } from '../training/index.ts'

/** Reads the weights file of a model of the manifest. @throws GliadeskError BAD_FILE */
export async function readModelFile(
  { weightsPath, network }: ManifestModel,
  files: FileSystemPort,
): Promise<ReturnType<typeof decodeModelFile>> {
  return decodeModelFile(await files.readFile(weightsPath), weightsPath, network)
}

/** Builds a model of the manifest with its weights; the caller disposes its network. */
export async function loadModel(
  model: ManifestModel,
  files: FileSystemPort,
): Promise<TrainedNetwork> {
  const { weights, window } = await readModelFile(model, files)
  // The stream only fills the variables that the weights replace at once.
  const stream = randomStream(0, 'replaced')
  const network = buildUNet(model.network, model.sequences.length, LABEL_COUNT, stream)
  assignParameters(network.parameters, weights, model.weightsPath)
  return { network, sequences: model.sequences, window }
}
