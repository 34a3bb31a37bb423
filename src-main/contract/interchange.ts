import { z } from 'zod'
import { idSchema } from './cases.ts'

/**
 * Forms in which a model leaves the program: `onnx` (one file), `tfjs` (a TensorFlow.js graph model: a folder with
 * model.json and weights.bin), `safetensors` (the weights alone).
 */
export const modelFormatSchema = z.enum(['onnx', 'tfjs', 'safetensors'])
export type ModelFormat = z.infer<typeof modelFormatSchema>

export const modelExportSchema = z.object({
  modelId: idSchema,
  format: modelFormatSchema,
  /** Absolute. A folder that exists gets a file named after the model; `tfjs` makes the folder. */
  path: z.string().min(1),
})
export type ModelExport = z.infer<typeof modelExportSchema>

export const exportedFilesSchema = z.object({
  /** The file, or the folder of several. */
  path: z.string(),
  bytes: z.int().nonnegative(),
})
export type ExportedFiles = z.infer<typeof exportedFilesSchema>
