import { z } from 'zod'

export const backendNameSchema = z.enum(['tensorflow', 'wasm'])
export type BackendName = z.infer<typeof backendNameSchema>
export const backendChoiceSchema = z.enum(['auto', 'tensorflow', 'wasm'])
export type BackendChoice = z.infer<typeof backendChoiceSchema>
