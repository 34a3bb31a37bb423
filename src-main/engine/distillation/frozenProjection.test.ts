import { describe, expect, it } from 'vitest'
import { randomStream } from '../../imaging/random/randomStream.ts'
import { featureStatistics } from './featureStatistics.ts'
import { frozenProjection, orthonormalColumns } from './frozenProjection.ts'
import { symmetricEigenvectors } from './symmetricEigenvectors.ts'

/** 40 vectors of 4 correlated channels around 10, as in bench/reference/gkd_terms.py. */
function samples(): Float32Array {
  const wave = (i: number): number => Math.sin(1.7 * i + 0.8) + 0.5 * Math.cos(0.31 * i * 0.8)
  const mix = [
    [2, 0, 0, 1],
    [0, 1, 0, 1],
    [0, 0, 3, 0],
    [1, 0, 0, 0.5],
  ]
  return Float32Array.from({ length: 160 }, (_, n) => {
    const [row, column] = [Math.floor(n / 4), n % 4]
    return mix.reduce((sum, weights, k) => sum + wave(4 * row + k) * weights[column], 10)
  })
}

function observed() {
  const statistics = featureStatistics(4)
  const rows = samples()
  statistics.add(rows.subarray(0, 100))
  statistics.add(rows.subarray(100))
  return statistics
}

const close = (found: ArrayLike<number>, expected: number[], digits = 5): void =>
  expected.forEach((x, i) => expect(found[i]).toBeCloseTo(x, digits))

describe('statistics of the teacher’s features', () => {
  it('equal numpy, however the vectors are dealt into batches', () => {
    close(observed().mean(), [10.220044345, 10.0152936805, 9.8064364099, 10.125315853])
    close(observed().deviation(), [2.1030179566, 0.7691223701, 2.386640952, 1.2140686639])
    const { values, vectors } = symmetricEigenvectors(observed().correlation(), 4)
    close(values, [2.0989100395, 1.2561623711, 0.6449275894, 0])
    const leading = [0, 4, 8, 12].map((i) => vectors[i])
    close(leading, [0.6032576072, 0.196528704, -0.4229253605, 0.646985987])
  })

  it('call a constant channel constant, at any height', () => {
    const statistics = featureStatistics(2)
    statistics.add(Float32Array.of(1e6, 0.1, 1e6, 0.2, 1e6, 0.4))
    expect(statistics.deviation()[0]).toBe(0)
    expect(statistics.deviation()[1]).toBeCloseTo(0.1247219, 5)
    expect(Array.from(statistics.correlation())).toEqual([0, 0, 0, expect.closeTo(1, 10)])
  })
})

describe('frozen projection', () => {
  const project = (row: ArrayLike<number>, map: ReturnType<typeof frozenProjection>): number[] =>
    Array.from(map.offset, (b, j) => {
      const dimension = map.offset.length
      return Array.from(row).reduce((sum, x, c) => sum + x * map.matrix[c * dimension + j], b)
    })

  it('PCA gives uncorrelated coordinates of mean 0 whose variances are the eigenvalues', () => {
    const map = frozenProjection(observed(), 3, 'pca', randomStream(1))
    const rows = samples()
    const projected = Array.from({ length: 40 }, (_, i) =>
      project(rows.slice(4 * i, 4 * i + 4), map),
    )
    const covariance = (a: number, b: number): number =>
      projected.reduce((sum, row) => sum + row[a] * row[b], 0) / 40
    for (let j = 0; j < 3; j++) {
      expect(projected.reduce((sum, row) => sum + row[j], 0) / 40).toBeCloseTo(0, 4)
    }
    close([covariance(0, 0), covariance(1, 1), covariance(2, 2)], [2.09891, 1.256162, 0.644928], 4)
    close([covariance(0, 1), covariance(0, 2), covariance(1, 2)], [0, 0, 0], 4)
  })

  it('pads with zeros where the embedding has more dimensions than there are channels', () => {
    for (const kind of ['pca', 'orthogonal'] as const) {
      const map = frozenProjection(observed(), 6, kind, randomStream(1))
      const row = project(samples().slice(0, 4), map)
      expect(row.slice(4)).toEqual([0, 0])
      expect(row.slice(0, 4).every((x) => x !== 0)).toBe(true)
    }
  })

  it('leaves constant channels out', () => {
    const statistics = featureStatistics(2)
    statistics.add(Float32Array.of(5, 0.1, 5, 0.2, 5, 0.4))
    const map = frozenProjection(statistics, 2, 'pca', randomStream(1))
    expect(map.matrix.every(Number.isFinite)).toBe(true)
    expect(project([5, 0.1], map)).toEqual(project([80, 0.1], map))
  })

  it('draws orthonormal columns', () => {
    const q = orthonormalColumns(7, 5, randomStream(9))
    for (let a = 0; a < 5; a++) {
      for (let b = 0; b <= a; b++) {
        let dot = 0
        for (let i = 0; i < 7; i++) dot += q[i * 5 + a] * q[i * 5 + b]
        expect(dot).toBeCloseTo(a === b ? 1 : 0, 12)
      }
    }
  })
})

describe('eigenvectors of a symmetric matrix', () => {
  it('satisfy A v = λ v for a matrix of 40 rows with a repeated eigenvalue', () => {
    const n = 40
    const q = orthonormalColumns(n, n, randomStream(4))
    const wanted = Array.from({ length: n }, (_, i) => (i < 2 ? 9 : 8 - i * 0.3))
    const a = new Float64Array(n * n)
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        for (let k = 0; k < n; k++) a[i * n + j] += wanted[k] * q[i * n + k] * q[j * n + k]
      }
    }
    const { values, vectors } = symmetricEigenvectors(a, n)
    values.forEach((value, i) => expect(value).toBeCloseTo(wanted[i], 9))
    for (let k = 0; k < n; k++) {
      for (let i = 0; i < n; i++) {
        let product = 0
        for (let j = 0; j < n; j++) product += a[i * n + j] * vectors[j * n + k]
        expect(product).toBeCloseTo(values[k] * vectors[i * n + k], 8)
      }
    }
  })
})
