import { readFile } from 'node:fs/promises'
import { GliadeskError, modelImportSchema } from '../../contract/index.ts'
import { openBackend } from '../backends/index.ts'
import { inspectNetwork } from '../interchange/execution/index.ts'
import { readOnnxModel } from '../interchange/index.ts'

// Entry of a short-lived process: it runs a foreign network once and prints what it is, or why it cannot be used.
const request = modelImportSchema.parse(JSON.parse(process.argv[2] ?? ''))
try {
  const bytes = new Uint8Array(await readFile(request.path))
  const model = readOnnxModel(bytes, request.path)
  await openBackend('wasm')
  const facts = inspectNetwork(model, request)
  process.stdout.write(`\n${JSON.stringify({ facts })}\n`)
} catch (error) {
  if (!(error instanceof GliadeskError)) throw error
  const { code, message, remedy } = error
  process.stdout.write(`\n${JSON.stringify({ refusal: { code, message, remedy } })}\n`)
}
process.exit(0)
