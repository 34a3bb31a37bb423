import { describe, expect, it } from 'vitest'
import { edgePath, graphGeometry } from './graphGeometry.ts'

describe('the drawing of a graph', () => {
  const { student, teacher, studentSlices, width, height } = graphGeometry([4, 3, 2], 24)

  it('has a slice a row of cells, side by side, and all cells inside of it', () => {
    expect(studentSlices).toHaveLength(4)
    studentSlices.slice(1).forEach((box, i) => {
      expect(box.x).toBeGreaterThan(studentSlices[i]!.x + studentSlices[i]!.width)
    })
    for (const box of [...student, ...teacher]) {
      expect(box.x).toBeGreaterThanOrEqual(0)
      expect(box.x + box.width).toBeLessThanOrEqual(width + 1e-9)
      expect(box.y + box.height).toBeLessThanOrEqual(height + 1e-9)
    }
  })

  it('shows the front up and the patient’s right at the left, as the viewer does', () => {
    // Node 0 is the cell furthest to the left and back of the patient: x grows to the right, y to the front.
    const [first, right, front] = [student[0]!, student[1]!, student[2]!]
    expect(right.x).toBeLessThan(first.x)
    expect(front.y).toBeLessThan(first.y)
  })

  it('puts the same place of the teacher straight below', () => {
    student.forEach((box, i) => {
      expect(teacher[i]!.x).toBe(box.x)
      expect(teacher[i]!.y - box.y).toBeCloseTo(teacher[0]!.y - student[0]!.y, 9)
    })
  })

  it('lays classes and slices out in one row', () => {
    for (const grid of [null, [8, 1, 1] as const]) {
      const row = graphGeometry(grid, 8).student
      expect(new Set(row.map(({ y }) => y)).size).toBe(1)
      expect(new Set(row.map(({ x }) => x)).size).toBe(8)
    }
  })

  it('draws a line from middle to middle', () => {
    const box = { x: 0, y: 0, width: 10, height: 4 }
    expect(edgePath(box, { ...box, x: 20, y: 50 })).toBe(
      'M 5.0 2.0 C 5.0 27.0, 25.0 27.0, 25.0 52.0',
    )
  })
})
