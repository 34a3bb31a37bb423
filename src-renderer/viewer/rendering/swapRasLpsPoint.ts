import type { Vector3 } from '../../../src-main/imaging/geometry/index.ts'

/** A point or direction of RAS space in LPS space, which cornerstone3D draws in; its own inverse. */
export const swapRasLpsPoint = (v: Vector3): [number, number, number] => [-v[0], -v[1], v[2]]
