// Writes one oblique labelmap in every format into a folder, for written_formats.py to read.
// Usage: node bench/reference/written_formats.mjs FOLDER
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SEGMENTATION_ENDINGS, writeSegmentation } from '../../src-main/imaging/formats/index.ts'
import { createGrid } from '../../src-main/imaging/geometry/index.ts'

const folder = process.argv[2]
mkdirSync(folder, { recursive: true })
const [c, s] = [Math.cos(0.3), Math.sin(0.3)]
const grid = createGrid(
  [4, 3, 5],
  [-0.9 * c, -1.1 * s, 0, 12.5, 0.9 * s, -1.1 * c, 0, -30.25, 0, 0, 2.5, 41, 0, 0, 0, 1],
)
const labels = Uint8Array.from({ length: 60 }, (_, i) => (i * 7) % 4)
for (const ending of SEGMENTATION_ENDINGS) {
  for (const file of await writeSegmentation({ labels, grid, convention: 'et4' }, ending)) {
    writeFileSync(join(folder, `written${file.ending}`), file.bytes)
  }
}
writeFileSync(
  join(folder, 'truth.json'),
  JSON.stringify({ affine: grid.indexToWorld, dims: grid.dims, labels: [...labels] }),
)
