/**
 * Whether exported models answer as the program does: the shipped models as ONNX files, computed by onnxruntime.
 *
 *     GLIADESK_BENCH_PYTHON=python3 node bench/exportedModels.ts
 */
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LABEL_COUNT } from '../src-main/contract/index.ts'
import { openBackend } from '../src-main/engine/backends/index.ts'
import { readSafetensors } from '../src-main/engine/checkpoint/index.ts'
import { exportOnnx } from '../src-main/engine/interchange/index.ts'
import { assignParameters, buildUNet } from '../src-main/engine/networks/index.ts'
import { tf } from '../src-main/engine/tensor.ts'
import { randomStream } from '../src-main/imaging/random/randomStream.ts'
import { readShippedModels } from '../src-main/services/models/index.ts'

const SIZE = [48, 40, 32] as const
const EVERY = 13
const TOLERANCE = 1e-4

const python = process.env['GLIADESK_BENCH_PYTHON'] ?? 'python3'
if (spawnSync(python, ['-c', 'import onnxruntime']).status !== 0) {
  console.log(`onnxruntime is not here ("${python} -c 'import onnxruntime'" fails).`)
  process.exit(0)
}
await openBackend('wasm')
const folder = await mkdtemp(join(tmpdir(), 'gliadesk-exported-'))
let failed = false
for (const { description, weights } of await readShippedModels('models/shipped')) {
  const { tensors } = readSafetensors(weights, description.name)
  const model = { ...description, origin: 'shipped' as const, parentId: null, jobId: null }
  const path = join(folder, `${description.id}.onnx`)
  const file = exportOnnx({ model, weights: tensors, patchSize: [48, 48, 48], version: '0' })
  await writeFile(path, file)

  const channels = model.sequences.length
  const network = buildUNet(model.network, channels, LABEL_COUNT, randomStream(0, 'replaced'))
  assignParameters(network.parameters, tensors, description.name)
  const shape: [number, number, number, number, number] = [1, channels, ...SIZE]
  const values = Float32Array.from(
    { length: shape.reduce((a, b) => a * b, 1) },
    (_, i) => Math.sin(0.37 * i) + Math.cos(0.011 * i),
  )
  const own = tf.tidy(() => {
    const image = tf.transpose(tf.tensor5d(values, shape), [0, 2, 3, 4, 1])
    return tf.transpose(network.forward(image).logits[0], [0, 4, 1, 2, 3]).dataSync()
  })
  const script = join(import.meta.dirname, 'reference/exported_onnx.py')
  const { stdout } = spawnSync(python, [script, path, JSON.stringify(shape), String(EVERY)], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  const { logits } = JSON.parse(stdout) as { logits: number[] }
  const worst = Math.max(...logits.map((value, i) => Math.abs(value - own[i * EVERY])))
  const largest = Math.max(...logits.map(Math.abs))
  console.log(
    `${description.name}: ${(file.length / 1e6).toFixed(2)} MB; largest difference from onnxruntime ${worst.toExponential(2)} among ${logits.length} logits of up to ${largest.toFixed(1)}`,
  )
  failed ||= !(worst < TOLERANCE)
  network.dispose()
}
await rm(folder, { recursive: true })
process.exit(failed ? 1 : 0)
