import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import {
  GliadeskError,
  type ExportedFiles,
  type Model,
  type ModelExport,
  type ModelFormat,
} from '../../contract/index.ts'
import { readSafetensors } from '../../engine/checkpoint/index.ts'
import {
  exportOnnx,
  exportSafetensors,
  exportTfjsGraph,
  type ExportedModel,
} from '../../engine/interchange/index.ts'
// Not by the folder's index, which loads TensorFlow.js.
import { divisorOf } from '../../engine/networks/patchDivisor.ts'
import { asStorageError, type Workspace } from '../../storage/index.ts'
import { exportPath } from '../labels/index.ts'
import { findModel } from '../models/index.ts'

const ENDINGS: Record<ModelFormat, string> = {
  onnx: '.onnx',
  tfjs: '',
  safetensors: '.safetensors',
}

/**
 * Writes a model of the workspace in the format of another program.
 *
 * @throws GliadeskError BAD_INPUT for a path that is relative or inside of the workspace, or a network that the format
 *   does not take; DISK_FULL, READ_ONLY
 */
export async function exportModel(
  workspace: Workspace,
  { modelId, format, path }: ModelExport,
  version: string,
): Promise<ExportedFiles> {
  const model = findModel(workspace.database, modelId)
  requireExportable(model)
  const ending = ENDINGS[format]
  const target = await exportPath(workspace, path, fileName(model.name) + ending, ending)
  const bytes = await workspace.objects.read(model.weightsSha256)
  const { tensors, metadata } = readSafetensors(bytes, `the weights of ${model.name}`)
  const exported: ExportedModel = {
    model,
    weights: tensors,
    patchSize: patchSizeOf(metadata, model),
    version,
  }
  const files = build(exported, format, metadata)
  try {
    if (format === 'tfjs') await mkdir(target, { recursive: true })
    for (const [name, content] of files) {
      await replaceFile(format === 'tfjs' ? join(target, name) : target, content)
    }
  } catch (error) {
    throw asStorageError(error, `exporting ${model.name}`, target)
  }
  const total = [...files.values()].reduce((sum, { length }) => sum + length, 0)
  return { path: target, bytes: total }
}

function build(
  exported: ExportedModel,
  format: ModelFormat,
  metadata: Readonly<Record<string, string>>,
): ReadonlyMap<string, Uint8Array> {
  if (format === 'tfjs') return exportTfjsGraph(exported)
  const file = format === 'onnx' ? exportOnnx(exported) : exportSafetensors(exported, metadata)
  return new Map([['model', file]])
}

function requireExportable({ name, memberIds, network }: Model): void {
  if (network.imported) {
    throw new GliadeskError(
      'BAD_INPUT',
      `${name} comes from another framework and is kept as the file that it came in.`,
      'Use the ONNX file that it was imported from.',
    )
  }
  if (!memberIds) return
  throw new GliadeskError(
    'BAD_INPUT',
    `${name} stands for several networks whose answers are averaged, and has no file of its own.`,
    'Export each of its members instead.',
  )
}

const headerSchema = z.object({ patchSize: z.tuple([z.int(), z.int(), z.int()]) })

/** As the weights file says; a file from before that says nothing was trained on patches of 64 voxels. */
function patchSizeOf(
  metadata: Readonly<Record<string, string>>,
  { network }: Model,
): [number, number, number] {
  try {
    return headerSchema.parse(JSON.parse(metadata['gliadesk'] ?? '')).patchSize
  } catch {
    const divisor = divisorOf(network)
    const edge = Math.ceil(64 / divisor) * divisor
    return [edge, edge, edge]
  }
}

const fileName = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/[^\w.-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '') || 'model'

/** Whole or not at all: a reader never meets half a file. */
async function replaceFile(path: string, content: Uint8Array): Promise<void> {
  const part = `${path}.${randomUUID()}.part`
  try {
    await writeFile(part, content, { flush: true })
    await rename(part, path)
  } finally {
    await rm(part, { force: true })
  }
}
