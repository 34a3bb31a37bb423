import { z } from 'zod'

export const backendNameSchema = z.enum(['tensorflow', 'webgpu', 'wasm'])
export type BackendName = z.infer<typeof backendNameSchema>
export const backendChoiceSchema = z.enum(['auto', 'tensorflow', 'webgpu', 'wasm'])
export type BackendChoice = z.infer<typeof backendChoiceSchema>
