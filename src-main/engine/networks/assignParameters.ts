import { GliadeskError } from '../../contract/index.ts'
import { tf } from '../tensor.ts'
import type { NamedArray, Parameters } from './parameters.ts'

/**
 * Overwrites every parameter with the stored values.
 *
 * @param source what the values come from, for the error text (usually a file path)
 * @throws GliadeskError BAD_FILE where a parameter is missing, extra or of another shape
 */
export function assignParameters(
  parameters: Parameters,
  values: ReadonlyMap<string, NamedArray>,
  source: string,
): void {
  const remedy = 'Choose weights that belong to this network, or train the model again.'
  for (const [name, variable] of parameters) {
    const value = values.get(name)
    if (!value) {
      throw new GliadeskError('BAD_FILE', `${source} has no tensor named ${name}.`, remedy)
    }
    if (value.shape.join('×') !== variable.shape.join('×')) {
      throw new GliadeskError(
        'BAD_FILE',
        `${source}: tensor ${name} has shape ${value.shape.join('×')}, the network needs ${variable.shape.join('×')}.`,
        remedy,
      )
    }
  }
  const extra = [...values.keys()].find((name) => !parameters.has(name))
  if (extra !== undefined) {
    throw new GliadeskError(
      'BAD_FILE',
      `${source} holds a tensor ${extra} that the network lacks.`,
      remedy,
    )
  }
  tf.tidy(() => {
    for (const [name, variable] of parameters) {
      const value = values.get(name)
      if (value) variable.assign(tf.tensor(value.values, [...value.shape]))
    }
  })
}
