/**
 * `node scripts/shipModel.ts --workspace FOLDER --model NAME --folder NAME`: puts a model of a workspace into
 * models/shipped, where every new workspace finds it. Ship a student's teacher before the student.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { openApplication } from '../src-main/core/index.ts'

const { values } = parseArgs({
  options: {
    workspace: { type: 'string' },
    model: { type: 'string' },
    folder: { type: 'string' },
  },
})
const { workspace, model: wanted, folder } = values
if (workspace === undefined || wanted === undefined || folder === undefined) {
  console.error('Usage: node scripts/shipModel.ts --workspace FOLDER --model NAME --folder NAME')
  process.exit(2)
}
const application = await openApplication({ workspacePath: resolve(workspace), host: 'serve' })
const models = await application.client.models.list({})
const model = models.findLast(({ id, name }) => id === wanted || name === wanted)
if (model === undefined) {
  console.error(
    `No model is called ${wanted}. There are: ${models.map(({ name }) => name).join(', ')}`,
  )
  await application.close()
  process.exit(1)
}
const shippedIdOf = (modelId: string | null): string | null => {
  if (modelId === null || modelId.startsWith('model-shipped-')) return modelId
  const teacher = models.find(({ id }) => id === modelId)
  // The teacher may have been shipped under an id of its own: its weights tell.
  const shipped = models.find(
    ({ origin, weightsSha256 }) => origin === 'shipped' && weightsSha256 === teacher?.weightsSha256,
  )
  return shipped?.id ?? null
}
const weightsPath = await application.services.volumes.findData(model.weightsSha256)
if (weightsPath === null) throw new Error(`The weights of ${model.name} are missing.`)
const target = join('models', 'shipped', folder)
mkdirSync(target, { recursive: true })
writeFileSync(join(target, 'weights.safetensors'), readFileSync(weightsPath))
const description = {
  id: `model-shipped-${folder}`,
  name: model.name,
  role: model.role,
  sequences: model.sequences,
  network: model.network,
  parameterCount: model.parameterCount,
  strategy: model.strategy,
  trainedOnSynthetic: model.trainedOnSynthetic,
  validationDice: model.validationDice,
  weights: 'weights.safetensors',
  weightsSha256: model.weightsSha256,
  teacherId: shippedIdOf(model.teacherId),
  createdAt: model.createdAt,
}
writeFileSync(join(target, 'model.json'), `${JSON.stringify(description, null, 2)}\n`)
await application.close()
console.log(`${model.name} is now in ${target}.`)
process.exit(0)
