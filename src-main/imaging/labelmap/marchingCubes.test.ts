import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { VolumeGrid } from '../../contract/index.ts'
import { createAxisAlignedGrid } from '../geometry/index.ts'
import { marchingCubes, meshAreaMm2, meshVolumeMl, type SurfaceMesh } from './marchingCubes.ts'
import golden from './segmentationGolden.json' with { type: 'json' }

type Triple = [number, number, number]

/** Whether every edge of the mesh is walked once in each direction: closed, and wound one way throughout. */
const isClosed = ({ triangles }: SurfaceMesh): boolean => {
  const walks = new Map<string, number>()
  for (let i = 0; i < triangles.length; i += 3) {
    for (let n = 0; n < 3; n++) {
      const key = `${triangles[i + n]}>${triangles[i + ((n + 1) % 3)]}`
      walks.set(key, (walks.get(key) ?? 0) + 1)
    }
  }
  return [...walks].every(([key, count]) => {
    const [from, to] = key.split('>')
    return walks.get(`${to}>${from}`) === count
  })
}

const { ball } = golden
const grid = createAxisAlignedGrid(ball.dims as Triple, golden.spacingMm as Triple)
const [nx, ny] = grid.dims
const field = Float64Array.from({ length: ball.dims.reduce((a, b) => a * b) }, (_, i) => {
  const at = [i % nx, Math.floor(i / nx) % ny, Math.floor(i / (nx * ny))]
  const away = at.map((index, axis) => index * golden.spacingMm[axis] - ball.centreMm[axis])
  return ball.radiusMm - Math.hypot(...away)
})

describe('marching cubes', () => {
  it('gives a ball the area and volume that scikit-image gives it', () => {
    const mesh = marchingCubes(field, grid, 0)
    expect(isClosed(mesh)).toBe(true)
    expect(meshAreaMm2(mesh) / ball.areaMm2).toBeCloseTo(1, 3)
    // Where more than four crossings make a polygon, the two cut it into triangles differently.
    expect(meshVolumeMl(mesh) / ball.volumeMl).toBeCloseTo(1, 3)
    // Euler's formula for a sphere: V − E + F = 2 with E = 3F / 2.
    expect(mesh.positions.length / 3 - mesh.triangles.length / 6).toBe(2)
  })

  it('lies where the grid says, and winds outward on a mirrored grid too', () => {
    const mirrored: VolumeGrid = {
      ...grid,
      indexToWorld: [-0.9, 0, 0, 50, 0, 1.1, 0, -20, 0, 0, 2.5, 7, 0, 0, 0, 1],
    }
    const mesh = marchingCubes(field, mirrored, 0)
    expect(meshVolumeMl(mesh)).toBeGreaterThan(0)
    const middle = [0, 1, 2].map((axis) => {
      const along = mesh.positions.filter((_, i) => i % 3 === axis)
      return (Math.min(...along) + Math.max(...along)) / 2
    })
    expect(middle[0]).toBeCloseTo(50 - ball.centreMm[0], 0)
    expect(middle[1]).toBeCloseTo(ball.centreMm[1] - 20, 0)
    expect(middle[2]).toBeCloseTo(ball.centreMm[2] + 7, 0)
  })

  it('closes every mask, also one that touches the border or meets itself at a corner', () => {
    const small = createAxisAlignedGrid([4, 4, 3], [1, 1, 1])
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 48, maxLength: 48, max: 1 }), (mask) => {
        const mesh = marchingCubes(mask, small)
        expect(isClosed(mesh)).toBe(true)
        if (mask.includes(1)) expect(meshVolumeMl(mesh)).toBeGreaterThan(0)
        else expect(mesh.triangles).toHaveLength(0)
      }),
    )
  })

  it('refuses a field of another size', () => {
    expect(() => marchingCubes(new Uint8Array(3), grid)).toThrow(RangeError)
  })
})
