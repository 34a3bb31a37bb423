import { readFileSync } from 'node:fs'
import { z } from 'zod'

/** The version in package.json; "0.0.0" where the program was laid out without one. */
export function programVersion(): string {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')
  return z.object({ version: z.string().default('0.0.0') }).parse(JSON.parse(text)).version
}
