/**
 * What fine-tuning on four corrected cases of another scanner buys and costs: mean Dice of the shipped teacher before and
 * after, on held-out cases of that scanner and on held-out cases of its own. The run is the product's own, with the
 * plan that the product makes; the corrected cases' labels are the true ones (docs/training.md, "Fine-tuning").
 *
 *     node bench/finetuneShift.ts [seeds=3] [first seed=31] [overrides as JSON, e.g. '{"steps":120}']
 *
 * Choose settings on other seeds than those that are reported. Wall and processor time are both printed: a busy computer
 * stretches the one alone.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import {
  modelSchema,
  recipeSchema,
  type CaseScore,
  type ManifestCase,
} from '../src-main/contract/index.ts'
import { openBackend } from '../src-main/engine/backends/index.ts'
import { loadCase } from '../src-main/engine/data/index.ts'
import { DEFAULT_INFERENCE, planFinetuning } from '../src-main/engine/planning/index.ts'
import { predictCase } from '../src-main/engine/inference/index.ts'
import { loadModel, readModelFile } from '../src-main/engine/process/loadModel.ts'
import { startBatches } from '../src-main/engine/process/startBatches.ts'
import { nodeFiles } from '../src-main/engine/process/nodeFiles.ts'
import { runTraining, type TrainedNetwork } from '../src-main/engine/training/index.ts'
import { readLabelmap, scoreLabelmaps } from '../src-main/imaging/index.ts'
import { compareScores } from '../src-main/services/evaluation/index.ts'
import { synthesizeCohort, type SyntheticCohort } from '../src-main/services/datasets/index.ts'

const [seeds = '3', first = '31', overridesText = '{}'] = process.argv.slice(2)
const overrides = z
  .object({
    steps: z.int().positive().optional(),
    learningRate: z.number().positive().optional(),
    replayFraction: z.number().min(0).max(1).optional(),
    retainWeight: z.number().nonnegative().optional(),
  })
  .parse(JSON.parse(overridesText))

const ROOT = join(import.meta.dirname, '..')
const SHIPPED = join(ROOT, 'models/shipped/synthetic-teacher')
/** The cohort that the shipped teacher learned from (its CARD.md). */
const OWN = { seed: 2026, cases: 48 }
const DIMS = [64, 64, 56] as const
/** Weaker contrast between tissues, a strong bias field, and four times the noise. */
const OTHER_SCANNER = { contrast: 0.6, bias: 3, noise: 4 }
const CORRECTED = 4
const HELD_OUT = 24

const model = modelSchema
  .pick({ id: true, name: true, role: true, sequences: true, network: true })
  .parse(JSON.parse(await readFile(join(SHIPPED, 'model.json'), 'utf8')))
const recipe = recipeSchema.parse(
  JSON.parse(await readFile(join(ROOT, 'models/recipes/unet-compact.json'), 'utf8')),
)
const manifestModel = {
  modelId: model.id,
  weightsPath: join(SHIPPED, 'weights.safetensors'),
  network: model.network,
  sequences: model.sequences,
}
const scratch = await mkdtemp(join(tmpdir(), 'gliadesk-shift-'))

type Use = SyntheticCohort['cases'][number]['split'] | 'any'

/** Makes a cohort and lists its cases by their place in the split. */
async function cohort(
  name: string,
  options: { seed: number; caseCount: number; scanner?: typeof OTHER_SCANNER },
): Promise<(use: Use) => ManifestCase[]> {
  const folder = join(scratch, name)
  const { cases } = await synthesizeCohort({ ...options, folder, dims: DIMS, kappa: 0.5 })
  const path = (of: string, what: string): string => join(folder, of, `${of}_${what}.nii.gz`)
  return (use) =>
    cases
      .filter(({ split }) => use === 'any' || split === use)
      .map(({ name: of }) => ({
        caseId: `${name}-${of}`.toLowerCase().replace('_', '-'),
        name: `${name} ${of}`,
        images: Object.fromEntries(model.sequences.map((each) => [each, path(of, each)])),
        label: { path: path(of, 'seg'), convention: 'et4' as const },
      }))
}

async function score(trained: TrainedNetwork, cases: ManifestCase[]): Promise<CaseScore[]> {
  const scores = []
  for (const subject of cases) {
    const { sequences, network, window } = trained
    const needs = { sequences, spacingMm: network.config.spacingMm }
    const prepared = await loadCase({ ...subject, label: null }, needs, nodeFiles.readFile)
    const hooks = { afterWindows: async (): Promise<void> => undefined }
    const { labels, grid } = await predictCase(network, prepared, window, DEFAULT_INFERENCE, hooks)
    const { path, convention } = subject.label!
    const truth = await readLabelmap(await nodeFiles.readFile(path), path, convention)
    const { dice, hd95Mm, volumeErrorMl } = scoreLabelmaps(truth.labels, labels, grid, 'nan')
    scores.push({ caseId: subject.caseId, caseName: subject.name, dice, hd95Mm, volumeErrorMl })
  }
  return scores
}

const caseMeans = (scores: readonly CaseScore[]): number[] =>
  scores.map(({ dice }) => {
    const defined = Object.values(dice).filter((value) => value !== null)
    return defined.reduce((a, b) => a + b, 0) / defined.length
  })
const mean = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / values.length

function describe(before: readonly CaseScore[], after: readonly CaseScore[]): string {
  const champion = { id: 'before', name: 'before', scores: before }
  const { sentence } = compareScores(champion, { id: 'after', name: 'after', scores: after })
  const [a, b] = [before, after].map((scores) => mean(caseMeans(scores)).toFixed(3))
  return `${a} → ${b}; ${sentence}`
}

try {
  const device = await openBackend('auto')
  console.log(`${device.description}; overrides ${JSON.stringify(overrides)}`)
  const own = await cohort('own', { seed: OWN.seed, caseCount: OWN.cases })
  const original = await loadModel(manifestModel, nodeFiles)
  const { weights } = await readModelFile(manifestModel, nodeFiles)
  for (let seed = Number(first); seed < Number(first) + Number(seeds); seed++) {
    const fresh = await cohort(`own-${seed}`, { seed: 1000 + seed, caseCount: HELD_OUT })
    const shifted = await cohort(`other-${seed}`, {
      ...{ seed: 5000 + seed, caseCount: CORRECTED + HELD_OUT },
      scanner: OTHER_SCANNER,
    })
    const [corrected, heldOut] = [
      shifted('any').slice(0, CORRECTED),
      shifted('any').slice(CORRECTED),
    ]
    const made = planFinetuning(
      {
        modelId: model.id,
        caseIds: corrected.map(({ caseId }) => caseId),
        name: null,
        steps: overrides.steps ?? null,
        backend: 'auto',
      },
      model,
      { datasetIds: ['own', 'other'], recipes: [recipe] },
    )
    const { learningRate = made.optimiser.learningRate } = overrides
    const plan = {
      ...made,
      optimiser: { ...made.optimiser, learningRate },
      finetune: { ...made.finetune!, ...pick(overrides) },
    }
    const folder = join(scratch, `run-${seed}`)
    await nodeFiles.makeFolder(folder)
    let waiting = 0
    const [wall, processor] = [performance.now(), process.cpuUsage()]
    const outcome = await runTraining(
      {
        plan,
        training: own('train'),
        validation: own('validation'),
        corrected,
        teacher: null,
        initialWeights: weights,
        resumeFrom: null,
        folder,
        cacheBytes: 2 ** 30,
      },
      {
        files: nodeFiles,
        secondsNow: () => performance.now() / 1000,
        yieldToEvents: async () => undefined,
        requested: () => 'none',
        emit: (event) => {
          // The first step reads its cases, whoever prepares them.
          if (event.type === 'step' && event.step > 1) waiting += event.secondsWaiting ?? 0
        },
        startBatches,
        report: () => undefined,
      },
    )
    const { user, system } = process.cpuUsage(processor)
    const times = `${((performance.now() - wall) / 1000).toFixed(0)} s wall, ${((user + system) / 1e6).toFixed(0)} s processor, ${waiting.toFixed(1)} s waiting for batches`
    if (outcome.kind !== 'done') throw new Error(`the run ended as ${outcome.kind}`)
    const after = await loadModel({ ...manifestModel, weightsPath: outcome.weightsPath }, nodeFiles)
    console.log(`seed ${seed}: ${plan.steps} steps, best at ${outcome.best?.step}, ${times}`)
    console.log(
      `  other scanner ${describe(await score(original, heldOut), await score(after, heldOut))}`,
    )
    const kept = fresh('any')
    console.log(
      `  own scanner   ${describe(await score(original, kept), await score(after, kept))}`,
    )
    after.network.dispose()
  }
} finally {
  await rm(scratch, { recursive: true, force: true })
}

function pick({ replayFraction, retainWeight }: typeof overrides): Partial<typeof overrides> {
  return {
    ...(replayFraction === undefined ? {} : { replayFraction }),
    ...(retainWeight === undefined ? {} : { retainWeight }),
  }
}
