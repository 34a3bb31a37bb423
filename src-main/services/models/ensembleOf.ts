import { GliadeskError, type Model } from '../../contract/index.ts'
import { newId } from '../identifiers/index.ts'

/**
 * The record of a model that averages the class probabilities of others. It has the first one's network and weights in
 * its own name; what predicts are its members.
 *
 * @throws GliadeskError BAD_INPUT where fewer than two are left, one is an ensemble itself, or they do not read alike
 */
export function ensembleOf(name: string, members: readonly Model[]): Omit<Model, 'status'> {
  const refuse = (message: string, remedy: string): never => {
    throw new GliadeskError('BAD_INPUT', message, remedy)
  }
  if (members.length < 2) {
    refuse('An ensemble needs at least two different models.', 'Name another one.')
  }
  const [first] = members
  for (const member of members) {
    if (member.memberIds) {
      refuse(`${member.name} is an ensemble itself.`, 'Name its members in place of it.')
    }
    const isAlike =
      member.role === first.role &&
      member.sequences.join() === first.sequences.join() &&
      member.network.spacingMm === first.network.spacingMm &&
      (member.network.acceptsMissing ?? false) === (first.network.acceptsMissing ?? false)
    if (!isAlike) {
      refuse(
        `${member.name} and ${first.name} cannot be averaged: they differ in role, sequences or voxel size.`,
        'Choose models of one role that read the same sequences on the same voxels.',
      )
    }
  }
  return {
    ...first,
    id: newId('model'),
    name,
    parameterCount: members.reduce((sum, { parameterCount }) => sum + parameterCount, 0),
    trainedOnSynthetic: members.some(({ trainedOnSynthetic }) => trainedOnSynthetic),
    memberIds: members.map(({ id }) => id),
    parentId: null,
    jobId: null,
    validationDice: null,
    fitted: undefined,
    createdAt: new Date().toISOString(),
  }
}
