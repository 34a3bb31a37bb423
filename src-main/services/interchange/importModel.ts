import { execFile } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { z } from 'zod'
import {
  ERROR_CODES,
  GliadeskError,
  importedNetworkSchema,
  modelSchema,
  type Model,
  type ModelImport,
} from '../../contract/index.ts'
import { asStorageError, type Workspace } from '../../storage/index.ts'
import { newId } from '../identifiers/index.ts'
import { addModel } from '../models/index.ts'

/** The largest published glioma networks have a quarter of this. */
const MAX_FILE_BYTES = 2 ** 31 - 1
const INSPECTION_TIMEOUT_MS = 300_000

const answerSchema = z.union([
  z.object({
    facts: z.object({
      imported: importedNetworkSchema,
      parameterCount: z.int().nonnegative(),
      channels: z.array(z.int()),
    }),
  }),
  z.object({
    refusal: z.object({ code: z.enum(ERROR_CODES), message: z.string(), remedy: z.string() }),
  }),
])

/**
 * Takes a network of another framework into the workspace as a frozen model. It is run once on an empty image, in a
 * process of its own, before anything is kept.
 *
 * @returns the id of the new model, a challenger
 * @throws GliadeskError BAD_INPUT, NOT_FOUND, BAD_FILE naming what of the file cannot be used
 */
export async function importModel(workspace: Workspace, request: ModelImport): Promise<string> {
  requireDistinct(request)
  await requireFile(request.path)
  const { imported, parameterCount, channels } = await inspect(request)
  const weightsSha256 = await workspace.objects.put(await readFile(request.path))
  const model: Omit<Model, 'status'> = {
    id: newId('model'),
    name: request.name,
    role: request.role,
    sequences: request.sequences,
    network: {
      kind: 'unet',
      channels,
      convolutionsPerLevel: 2,
      residual: false,
      deepSupervision: false,
      ...(request.spacingMm === undefined ? {} : { spacingMm: request.spacingMm }),
      imported,
    },
    parameterCount,
    origin: 'import',
    strategy: 'none',
    parentId: null,
    teacherId: null,
    jobId: null,
    weightsSha256,
    trainedOnSynthetic: false,
    validationDice: null,
    createdAt: new Date().toISOString(),
  }
  // A record that cannot be read again would take the whole list of models with it.
  const record = modelSchema.omit({ status: true }).parse(model)
  workspace.database.transaction(() => addModel(workspace.database, record))
  return record.id
}

function requireDistinct({ sequences, answer }: ModelImport): void {
  const named = answer.kind === 'classes' ? answer.labels : answer.regions
  for (const [what, list] of [
    ['sequence', sequences],
    ['output channel', named],
  ] as const) {
    if (new Set<unknown>(list).size === list.length) continue
    throw new GliadeskError(
      'BAD_INPUT',
      `The list of ${what}s names one twice: ${list.join(', ')}.`,
      `Name every ${what} once, in the order of the network’s channels.`,
    )
  }
}

async function requireFile(path: string): Promise<void> {
  if (!isAbsolute(path)) {
    throw new GliadeskError(
      'BAD_INPUT',
      `"${path}" is not a full path, so it is unclear which file is meant.`,
      'Choose the file with the dialog, or type the path from the root of the disk.',
    )
  }
  const found = await stat(path).catch((error: unknown) => {
    throw asStorageError(error, 'reading the network', path)
  })
  if (found.isFile() && found.size <= MAX_FILE_BYTES) return
  throw new GliadeskError(
    'BAD_FILE',
    `${path} is ${found.isFile() ? 'larger than 2 GB' : 'not a file'}.`,
    'Choose an .onnx file that holds a network with its weights.',
  )
}

async function inspect(
  request: ModelImport,
): Promise<Extract<z.infer<typeof answerSchema>, { facts: unknown }>['facts']> {
  const entry = fileURLToPath(new URL('../../engine/process/inspectOnnx.ts', import.meta.url))
  let stdout: string
  try {
    const run = await promisify(execFile)(process.execPath, [entry, JSON.stringify(request)], {
      timeout: INSPECTION_TIMEOUT_MS,
      windowsHide: true,
      maxBuffer: 2 ** 24,
    })
    stdout = run.stdout
  } catch (cause) {
    throw new GliadeskError(
      'BAD_FILE',
      `${request.path} could not be run: the process that tried it ended without an answer.`,
      'Close other programs to free memory, or choose a smaller network.',
      { cause },
    )
  }
  // Native libraries print banners: the answer is the last line.
  const answer = answerSchema.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''))
  if ('facts' in answer) return answer.facts
  const { code, message, remedy } = answer.refusal
  throw new GliadeskError(code, message, remedy)
}
