/**
 * How far a teacher's answer on a training patch is from its answer on the whole case, cut to the patch: what a cache of
 * whole-case answers would put in the place of the forward pass (docs/distillation.md, "Why no cache").
 *
 *     node bench/teacherAgreement.ts [cases]
 */
import { readFile } from 'node:fs/promises'
import { LABEL_COUNT, SEQUENCES, networkSchema } from '../src-main/contract/index.ts'
import { openBackend } from '../src-main/engine/backends/index.ts'
import { interleave, normaliseIntensity } from '../src-main/engine/data/index.ts'
import { assignParameters, buildUNet } from '../src-main/engine/networks/index.ts'
import { tf } from '../src-main/engine/tensor.ts'
import { decodeModelFile } from '../src-main/engine/training/index.ts'
import { randomStream } from '../src-main/imaging/random/randomStream.ts'
import { generateSyntheticCase } from '../src-main/imaging/synthetic/index.ts'

const CASES = Number(process.argv[2] ?? 8)
const DIMS: [number, number, number] = [64, 64, 56]
const EDGE = 48
const PATCHES = 3

await openBackend('wasm')
const folder = new URL('../models/shipped/synthetic-teacher/', import.meta.url)
const { network: stored } = JSON.parse(await readFile(new URL('model.json', folder), 'utf8')) as {
  network: unknown
}
const config = networkSchema.parse(stored)
const network = buildUNet(config, SEQUENCES.length, LABEL_COUNT, randomStream(0))
const bytes = new Uint8Array(await readFile(new URL('weights.safetensors', folder)))
assignParameters(network.parameters, decodeModelFile(bytes, 'the teacher', config).weights, 'it')

const answer = (input: tf.Tensor5D): tf.Tensor5D => tf.softmax(network.forward(input).logits[0], 4)
const sums = {
  tumour: { voxels: 0, difference: 0, other: 0 },
  rest: { voxels: 0, difference: 0, other: 0 },
}
for (let index = 0; index < CASES; index++) {
  const made = generateSyntheticCase({ seed: 301, index, dims: DIMS, kappa: 0.5, labelNoise: 0 })
  const channels = SEQUENCES.map((sequence) => {
    const channel = Float32Array.from(made.images[sequence])
    normaliseIntensity(channel)
    return channel
  })
  const stream = randomStream(index, 'places')
  tf.tidy(() => {
    const [nx, ny, nz] = DIMS
    const values = interleave([{ size: DIMS, channels }], SEQUENCES, SEQUENCES)
    const whole = tf.tensor5d(values, [1, nz, ny, nx, SEQUENCES.length])
    const wholeAnswer = answer(whole)
    const labels = tf.tensor5d(Float32Array.from(made.labels), [1, nz, ny, nx, 1])
    for (let patch = 0; patch < PATCHES; patch++) {
      const at = [0, nz, ny, nx, 0].map((n) => (n > EDGE ? stream.integer(n - EDGE + 1) : 0))
      const cut = (x: tf.Tensor5D): tf.Tensor5D =>
        tf.slice(x, at, [1, EDGE, EDGE, EDGE, x.shape[4]])
      const [direct, cached] = [answer(cut(whole)), cut(wholeAnswer)]
      const difference = direct.sub(cached).abs().max(4).dataSync()
      const other = direct.argMax(4).notEqual(cached.argMax(4)).dataSync()
      cut(labels)
        .dataSync()
        .forEach((label, i) => {
          const sum = label > 0 ? sums.tumour : sums.rest
          sum.voxels++
          sum.difference += difference[i]
          sum.other += other[i]
        })
    }
  })
}
console.log(`${CASES} cases, ${PATCHES} patches of ${EDGE}³ each, the shipped teacher`)
for (const [name, { voxels, difference, other }] of Object.entries(sums)) {
  console.log(
    `${name}: mean largest difference of a class probability ${(difference / voxels).toFixed(3)}, other class at ${((100 * other) / voxels).toFixed(2)} % of ${voxels} voxels`,
  )
}
