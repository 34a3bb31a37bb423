import type { RandomStream } from '../random/randomStream.ts'
import { createAnatomySample, type Anatomy } from './anatomy.ts'

export type TumourKind = 'ring-enhancing' | 'solid-enhancing' | 'non-enhancing'
export type Vector3 = readonly [number, number, number]

/** One solid part of a tumour: a spheroid whose surface noise will warp. */
export interface TumourFocus {
  /** Centre in anatomical mm. */
  centreMm: Vector3
  /** Mean radius and the relative lengths of the three half-axes. */
  radiusMm: number
  stretch: Vector3
  /** Rows of the rotation into the spheroid's own axes. */
  axes: readonly [Vector3, Vector3, Vector3]
}

/** Everything drawn about a tumour before a voxel is looked at. */
export interface TumourPlan {
  kind: TumourKind
  foci: readonly TumourFocus[]
  /** Share of the core that enhances; 0 for a non-enhancing tumour. */
  enhancingShare: number
  /** How far oedema travels along white matter, mm. */
  oedemaReachMm: number
  /** How hard the core pushes: 0 (infiltrates) to 1. */
  massEffect: number
  /** How irregular the surface is, share of the radius. */
  roughness: number
}

const NON_ENHANCING = 0.15
const SOLID = 0.12
const MULTIFOCAL = 0.15
const MAX_TRIES = 400

function drawRotation(stream: RandomStream): readonly [Vector3, Vector3, Vector3] {
  // A uniformly random unit quaternion (Shoemake 1992).
  const u = stream.uniform()
  const a = 2 * Math.PI * stream.uniform()
  const b = 2 * Math.PI * stream.uniform()
  const x = Math.sqrt(1 - u) * Math.sin(a)
  const y = Math.sqrt(1 - u) * Math.cos(a)
  const z = Math.sqrt(u) * Math.sin(b)
  const w = Math.sqrt(u) * Math.cos(b)
  return [
    [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
    [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
    [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
  ]
}

/** Looks for a centre inside a hemisphere, clear of ventricles and brain stem; `near` limits the distance to another focus. */
function drawCentre(
  stream: RandomStream,
  anatomy: Anatomy,
  radiusMm: number,
  near: TumourFocus | null,
): Vector3 | null {
  const sample = createAnatomySample()
  for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
    const x = stream.between(-62, 62)
    const y = stream.between(-95, 62)
    const z = stream.between(-32, 70)
    anatomy.sample(x, y, z, [0, 0, 0], sample)
    const inside = sample.mask < 0 && sample.cerebrum < -(0.5 * radiusMm + 4)
    const clear = sample.ventricle > 0.35 * radiusMm && sample.brainStem > radiusMm + 4
    const oneSided = Math.abs(x) > 0.6 * radiusMm + 7
    if (!inside || !clear || !oneSided) continue
    if (near) {
      const gap =
        Math.hypot(x - near.centreMm[0], y - near.centreMm[1], z - near.centreMm[2]) -
        near.radiusMm -
        radiusMm
      if (gap < 4 || gap > 45 || Math.sign(x) !== Math.sign(near.centreMm[0])) continue
    }
    return [x, y, z]
  }
  return null
}

const mix = (a: number, b: number, share: number): number => a + (b - a) * share

/**
 * Draws a tumour. What a reader could guess about enhancement from its size, its oedema or its mass effect
 * (low-grade tumours are larger, with little of either) is scaled by `kappa`: at 0 the kinds do not differ.
 *
 * @param anatomy the undisplaced head it grows in
 * @param kappa strength of the cues, 0 to 1
 */
export function drawTumourPlan(stream: RandomStream, anatomy: Anatomy, kappa: number): TumourPlan {
  const kindDraw = stream.uniform()
  const kind: TumourKind =
    kindDraw < NON_ENHANCING
      ? 'non-enhancing'
      : kindDraw < NON_ENHANCING + SOLID
        ? 'solid-enhancing'
        : 'ring-enhancing'
  const calm = kind === 'non-enhancing'
  const focusCount = stream.chance(MULTIFOCAL) ? 2 + stream.integer(2) : 1
  const size = stream.uniform()
  const radius = mix(12, 27, size) * (calm ? 1 + 0.12 * kappa : 1)
  const reachDraw = stream.uniform()
  const oedemaReachMm = mix(
    mix(6, 20, reachDraw),
    calm ? mix(2, 7, reachDraw) : 0,
    calm ? kappa : 0,
  )
  const massDraw = stream.between(0.55, 1)
  const massEffect = massDraw * (calm ? 1 - 0.55 * kappa : 1)
  const shareDraw = stream.uniform()
  const enhancingShare =
    kind === 'non-enhancing'
      ? 0
      : kind === 'solid-enhancing'
        ? mix(0.8, 0.95, shareDraw)
        : mix(0.35, 0.65, shareDraw)
  const roughness = stream.between(0.12, 0.26)

  const foci: TumourFocus[] = []
  for (let n = 0; n < focusCount; n++) {
    let radiusMm = n === 0 ? radius : radius * stream.between(0.35, 0.6)
    radiusMm = Math.max(6, radiusMm)
    const stretch: Vector3 = [
      stream.between(0.8, 1.25),
      stream.between(0.8, 1.25),
      stream.between(0.8, 1.25),
    ]
    const axes = drawRotation(stream)
    let centreMm = drawCentre(stream, anatomy, radiusMm, foci[0] ?? null)
    while (!centreMm && n === 0) {
      radiusMm *= 0.85
      centreMm = drawCentre(stream, anatomy, radiusMm, null)
    }
    if (centreMm) foci.push({ centreMm, radiusMm, stretch, axes })
  }
  return { kind, foci, enhancingShare, oedemaReachMm, massEffect, roughness }
}

/** Peak shift at the surface of a core, as a share of its radius at full mass effect. */
const PUSH = 0.42

/**
 * The shift (mm) of the anatomy at a point: away from each core, growing linearly inside it and
 * falling with the square of the distance outside, as an incompressible medium would move.
 */
export function massShift(
  plan: TumourPlan,
  x: number,
  y: number,
  z: number,
  into: [number, number, number],
): void {
  into[0] = 0
  into[1] = 0
  into[2] = 0
  for (const focus of plan.foci) {
    const dx = x - focus.centreMm[0]
    const dy = y - focus.centreMm[1]
    const dz = z - focus.centreMm[2]
    const t = Math.sqrt(dx * dx + dy * dy + dz * dz) / focus.radiusMm
    const push = PUSH * plan.massEffect * (t < 1 ? 1 : 1 / (t * t * t))
    into[0] += push * dx
    into[1] += push * dy
    into[2] += push * dz
  }
}
