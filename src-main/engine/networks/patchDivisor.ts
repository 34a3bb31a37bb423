import { GliadeskError, type NetworkConfig } from '../../contract/index.ts'

/**
 * Every level below the finest halves the grid, so axes must be multiples of 2^(levels − 1); a MeshNet deals voxels out
 * by its dilations, so of the largest of them.
 */
export const divisorOf = ({ channels, dilations, imported }: NetworkDivision): number =>
  imported?.divisor ?? Math.max(2 ** (channels.length - 1), ...(dilations ?? []))

/** What of a network decides over its patches. */
export type NetworkDivision = Pick<NetworkConfig, 'channels'> &
  Partial<Pick<NetworkConfig, 'dilations' | 'imported'>>

/** @throws GliadeskError BAD_INPUT naming the size that does not fit */
export function requireDivisible(size: readonly number[], divisor: number): void {
  if (size.every((n) => n > 0 && n % divisor === 0)) return
  throw new GliadeskError(
    'BAD_INPUT',
    `A patch of ${size.join('×')} voxels does not fit the network, whose levels need multiples of ${divisor}.`,
    `Choose a patch size whose every side is a multiple of ${divisor}.`,
  )
}
