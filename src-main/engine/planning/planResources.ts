import {
  GliadeskError,
  type Recipe,
  type TrainingPlan,
  type TrainingResources,
} from '../../contract/index.ts'
import { divisorOf, requireDivisible } from '../networks/patchDivisor.ts'

/** A recipe with the patch and the batch that a person asked for in place of its own. */
export function recipeWithResources(
  recipe: Recipe,
  { patchSize, batchSize }: TrainingResources = {},
): Recipe {
  if (patchSize) requireDivisible(patchSize, divisorOf(recipe.network))
  return {
    ...recipe,
    patchSize: patchSize ?? recipe.patchSize,
    batchSize: batchSize ?? recipe.batchSize,
  }
}

/**
 * How the batches of an update are summed and shared out. Asked for processes alone, each of them gets one batch: the
 * update then sees as many times the recipe's batch.
 *
 * @throws GliadeskError BAD_INPUT where the batches cannot be shared evenly
 */
export function planResources({
  accumulate,
  processes = 1,
  device,
  checkpointing,
}: TrainingResources = {}): Pick<TrainingPlan, 'accumulate' | 'processes' | 'device'> &
  Partial<Pick<TrainingPlan, 'checkpointing'>> {
  const batches = accumulate ?? processes
  if (batches % processes !== 0) {
    throw new GliadeskError(
      'BAD_INPUT',
      `${batches} batches an update cannot be shared evenly among ${processes} processes.`,
      `Let the number of accumulated batches be a multiple of ${processes}.`,
    )
  }
  return {
    accumulate: batches,
    processes,
    ...(device === undefined ? {} : { device }),
    ...(checkpointing === undefined ? {} : { checkpointing }),
  }
}
