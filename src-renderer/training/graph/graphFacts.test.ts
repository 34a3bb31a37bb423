import { describe, expect, it } from 'vitest'
import {
  edgesToDraw,
  neighbourNode,
  NODE_KEYS,
  summariseLayer,
  type GraphLayer,
} from './graphFacts.ts'

const layer: GraphLayer = {
  name: 'decoder.0',
  own: [0.9, 0.2, null],
  edges: [
    [0, 0, 0.9],
    [0, 1, 0.5],
    [1, 0, 0.7],
    [1, 1, 0.2],
  ],
}

describe('the lines of a layer', () => {
  it('join every node with its nearest, own places marked', () => {
    expect(edgesToDraw(layer, 0, null)).toEqual([
      { student: 0, teacher: 0, cosine: 0.9, isOwn: true },
      { student: 1, teacher: 0, cosine: 0.7, isOwn: false },
    ])
  })

  it('leave out what is below the threshold', () => {
    expect(edgesToDraw(layer, 0.8, null).map(({ student }) => student)).toEqual([0])
    expect(edgesToDraw(layer, 0.95, null)).toEqual([])
  })

  it('are all known ones of a chosen node', () => {
    expect(edgesToDraw(layer, 0, 1).map(({ teacher }) => teacher)).toEqual([0, 1])
    expect(edgesToDraw(layer, 0, 2)).toEqual([])
  })
})

describe('the summary of a layer', () => {
  it('counts nodes whose nearest is their own place, and means over all and at the tumour', () => {
    const snapshot = { present: [true, true, false], touchesTumour: [false, true, false] }
    expect(summariseLayer(layer, snapshot)).toEqual({
      present: 2,
      matched: 1,
      meanOwn: 0.55,
      meanOwnAtTumour: 0.2,
    })
  })

  it('has no means where no node is present or none touches tumour', () => {
    const nothing = { name: 'bottleneck', own: [null], edges: [] }
    expect(summariseLayer(nothing, { present: [false], touchesTumour: [false] })).toEqual({
      present: 0,
      matched: 0,
      meanOwn: null,
      meanOwnAtTumour: null,
    })
  })
})

describe('the arrow keys', () => {
  const grid = [2, 3, 4] as const
  const go = (from: number | null, key: string): number =>
    neighbourNode(from, NODE_KEYS[key]!, grid, 24)

  it('start at the first node', () => expect(go(null, 'ArrowUp')).toBe(0))

  it('move as the drawing lies: left is the patient’s right, up is front', () => {
    expect(go(0, 'ArrowLeft')).toBe(1)
    expect(go(1, 'ArrowRight')).toBe(0)
    expect(go(0, 'ArrowUp')).toBe(4)
    expect(go(0, 'PageUp')).toBe(12)
    expect(go(12, 'PageDown')).toBe(0)
  })

  it('stop at the border', () => {
    expect(go(0, 'ArrowRight')).toBe(0)
    expect(go(23, 'ArrowUp')).toBe(23)
    expect(go(23, 'PageUp')).toBe(23)
  })

  it('walk along a row of classes or slices', () => {
    expect(neighbourNode(1, NODE_KEYS.ArrowRight!, null, 4)).toBe(2)
    expect(neighbourNode(0, NODE_KEYS.ArrowLeft!, null, 4)).toBe(0)
    expect(neighbourNode(3, NODE_KEYS.ArrowRight!, [8, 1, 1], 8)).toBe(4)
    expect(neighbourNode(3, NODE_KEYS.PageUp!, [8, 1, 1], 8)).toBe(4)
  })
})
