import { GliadeskError, type Model } from '../../../contract/index.ts'
import { sizeOf, type NamedArray } from '../../namedArray.ts'

/** A model with all that goes into an exported file. */
export interface ExportedModel {
  readonly model: Omit<Model, 'status'>
  readonly weights: ReadonlyMap<string, NamedArray>
  /** Voxels along x, y, z of the training patches. */
  readonly patchSize: readonly [number, number, number]
  /** Version of Gliadesk that exports. */
  readonly version: string
}

/**
 * The weights of one parameter in the shape that its layer has.
 *
 * @throws GliadeskError BAD_FILE where the model's file lacks it or holds another shape
 */
export function weightOf(
  { model, weights }: ExportedModel,
  name: string,
  rank: number,
): NamedArray {
  const found = weights.get(name)
  if (
    found !== undefined &&
    found.shape.length === rank &&
    sizeOf(found.shape) === found.values.length
  ) {
    return found
  }
  throw new GliadeskError(
    'BAD_FILE',
    `The weights of ${model.name} ${found ? 'hold another shape for' : 'lack'} the parameter ${name}.`,
    'Train the model again, or restore the workspace from a backup.',
  )
}
