import { GliadeskError, type NetworkConfig } from '../../contract/index.ts'

/** Every level below the finest halves the grid, so axes must be multiples of 2^(levels − 1). */
export const divisorOf = (config: Pick<NetworkConfig, 'channels'>): number =>
  2 ** (config.channels.length - 1)

/** @throws GliadeskError BAD_INPUT naming the size that does not fit */
export function requireDivisible(size: readonly number[], divisor: number): void {
  if (size.every((n) => n > 0 && n % divisor === 0)) return
  throw new GliadeskError(
    'BAD_INPUT',
    `A patch of ${size.join('×')} voxels does not fit the network, whose levels need multiples of ${divisor}.`,
    `Choose a patch size whose every side is a multiple of ${divisor}.`,
  )
}
