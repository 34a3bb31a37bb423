import { describe, expect, it } from 'vitest'
import { buildModel } from './buildModel.ts'
import { layOutLineage } from './lineageLayout.ts'

const placesOf = (...models: Parameters<typeof buildModel>[0][]) =>
  Object.fromEntries(
    layOutLineage(models.map(buildModel)).nodes.map((node) => [
      node.model.id,
      [node.column, node.row],
    ]),
  )

describe('layOutLineage', () => {
  it('is empty without models', () => {
    expect(layOutLineage([])).toEqual({ nodes: [], edges: [], columns: 0, rows: 0 })
  })

  it('puts the first child beside its parent and opens a row for every other', () => {
    expect(
      placesOf(
        { id: 'teacher' },
        { id: 'student-a', teacherId: 'teacher', createdAt: '2026-01-02T00:00:00Z' },
        { id: 'student-b', teacherId: 'teacher', createdAt: '2026-01-03T00:00:00Z' },
        { id: 'tuned', parentId: 'student-a', createdAt: '2026-01-04T00:00:00Z' },
        { id: 'other', createdAt: '2026-01-05T00:00:00Z' },
      ),
    ).toEqual({
      teacher: [0, 0],
      'student-a': [1, 0],
      tuned: [2, 0],
      'student-b': [1, 1],
      other: [0, 2],
    })
  })

  it('hangs a fine-tuned student on its parent and still draws the edge to its teacher', () => {
    const { edges } = layOutLineage([
      buildModel({ id: 'teacher' }),
      buildModel({ id: 'student', teacherId: 'teacher' }),
      buildModel({ id: 'tuned', parentId: 'student', teacherId: 'teacher' }),
    ])
    expect(edges.map(({ from, to, kind }) => [from.model.id, to.model.id, kind])).toEqual([
      ['teacher', 'student', 'teacher'],
      ['student', 'tuned', 'parent'],
      ['teacher', 'tuned', 'teacher'],
    ])
  })

  it('makes a root of a model whose ancestor is unknown', () => {
    expect(placesOf({ id: 'orphan', parentId: 'gone' })).toEqual({ orphan: [0, 0] })
  })

  it('never gives two models one place, nor loses one in a circle of ancestors', () => {
    const places = placesOf(
      { id: 'first', parentId: 'second' },
      { id: 'second', parentId: 'first' },
      { id: 'third', teacherId: 'second' },
    )
    expect(Object.keys(places)).toHaveLength(3)
    expect(new Set(Object.values(places).map(String)).size).toBe(3)
  })
})
