import { LABEL_NAMES, SEQUENCE_TITLES } from '../../../contract/index.ts'
// Not by the folder's index, which loads TensorFlow.js.
import { divisorOf } from '../../networks/patchDivisor.ts'
import type { ExportedModel } from './exportedModel.ts'

/** How images become the network's input, as `loadCase` prepares them. */
const PREPARATION =
  'Reorient to RAS+, crop to the box of non-zero voxels over all sequences, z-score every sequence over its own non-zero voxels (zero stays zero), resample to the spacing.'

/**
 * What a reader of an exported file must know to use it, as plain texts by name. Everything that is a list or a record
 * is JSON.
 *
 * @param layout of the input, e.g. "NCDHW"
 */
export function describeUse(exported: ExportedModel, layout: string): Record<string, string> {
  const { model, patchSize, version } = exported
  const { network } = model
  return {
    name: model.name,
    model_id: model.id,
    role: model.role,
    intended_use: 'Research use only: not a medical device.',
    license:
      'That of the model and of the data it was trained on; this file grants no further rights.',
    trained_on_synthetic: String(model.trainedOnSynthetic),
    input_layout: `${layout}, D = z (inferior to superior), H = y (posterior to anterior), W = x (left to right)`,
    sequences: JSON.stringify(model.sequences.map((sequence) => SEQUENCE_TITLES[sequence])),
    labels: JSON.stringify(Object.fromEntries(LABEL_NAMES.map((name, label) => [label, name]))),
    accepts_missing_sequences: String(network.acceptsMissing ?? false),
    spacing_mm: network.spacingMm === undefined ? 'that of the images' : String(network.spacingMm),
    normalisation: 'z-score over the non-zero voxels of each sequence',
    preparation: PREPARATION,
    patch_size_xyz: JSON.stringify(patchSize),
    size_divisor: String(divisorOf(network)),
    recipe: JSON.stringify(network),
    provenance: JSON.stringify({
      exportedBy: `Gliadesk ${version}`,
      origin: model.origin,
      strategy: model.strategy,
      parentId: model.parentId,
      teacherId: model.teacherId,
      weightsSha256: model.weightsSha256,
      createdAt: model.createdAt,
      validationDice: model.validationDice,
    }),
  }
}
