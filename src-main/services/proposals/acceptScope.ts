import { GliadeskError, LABEL_NAMES, type ProposalScope } from '../../contract/index.ts'
import { componentAt } from '../../imaging/labelmap/index.ts'

/**
 * The labelmap after accepting part of a proposal. `all`: the proposal replaces the labels. `label`: that class is
 * afterwards exactly where the proposal has it; where it was and the proposal has another class or nothing, it is
 * cleared. `component`: the proposal's connected lesion (26-neighbourhood, any class) is painted in, and nothing
 * outside it changes.
 *
 * @param labels canonical, not modified
 * @throws GliadeskError BAD_INPUT where a component is asked for at a voxel that the proposal leaves empty
 */
export function acceptScope(
  labels: Uint8Array,
  proposal: Uint8Array,
  dims: readonly [number, number, number],
  scope: ProposalScope,
): Uint8Array {
  if (scope.kind === 'all') return new Uint8Array(proposal)
  const result = new Uint8Array(labels)
  if (scope.kind === 'label') {
    for (let i = 0; i < result.length; i++) {
      if (proposal[i] === scope.label) result[i] = scope.label
      else if (result[i] === scope.label) result[i] = 0
    }
    return result
  }
  const component = componentAt(proposal, dims, scope.voxel)
  if (component.length === 0) {
    throw new GliadeskError(
      'BAD_INPUT',
      'The proposal has nothing at the point that was picked.',
      'Click on a coloured part of the proposal.',
    )
  }
  for (const voxel of component) result[voxel] = proposal[voxel]
  return result
}

/** What the edit history calls the acceptance. */
export function acceptTitle(scope: ProposalScope): string {
  switch (scope.kind) {
    case 'all':
      return 'Accept proposal'
    case 'label':
      return `Accept proposal (${LABEL_NAMES[scope.label]})`
    case 'component':
      return 'Accept proposal (one lesion)'
  }
}
