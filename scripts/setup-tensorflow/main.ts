import { parseArgs } from 'node:util'
import { GliadeskError } from '../../src-main/contract/index.ts'
import { inspectBackends } from '../../src-main/engine/backends/index.ts'
import { setupTensorflow } from './setupTensorflow.ts'

const HELP = `Sets up TensorFlow as Gliadesk's fastest compute backend, in your cache folder.

  npm run setup:tensorflow                     for the processor (0.3 GB to fetch, 0.9 GB on disk)
  npm run setup:tensorflow -- --gpu            for NVIDIA cards, CUDA included (Linux)
  npm run setup:tensorflow -- --wheel FILE     from a wheel already on disk
  npm run setup:tensorflow -- --force          again, even where it is up to date
`

const { values } = parseArgs({
  options: {
    gpu: { type: 'boolean', default: false },
    force: { type: 'boolean', default: false },
    wheel: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

if (values.help) {
  console.log(HELP)
  process.exit(0)
}

try {
  const variant = values.gpu ? 'gpu' : 'cpu'
  const folder = await setupTensorflow({
    variant,
    wheel: values.wheel ?? null,
    force: values.force,
    say: (line) => console.log(line),
  })
  const [report] = await inspectBackends({ selfTest: true })
  if (!report?.usable) throw new Error(report?.reason ?? 'TensorFlow does not load.')
  console.log(`${report.description} · ${report.gflops?.toFixed(0)} GFLOP/s · ${folder}`)
  process.exit(0)
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  if (error instanceof GliadeskError) console.error(error.remedy)
  process.exit(1)
}
