/** Builds the page into out/renderer when a source is newer than the last build; needs no Electron binary. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build, mergeConfig, type InlineConfig } from 'vite'
import electronConfig from '../electron.config.ts'

const STAMP = join('out', 'renderer.stamp')
const SOURCES = [
  'src-renderer',
  'src-main/contract',
  'src-main/imaging',
  'electron.config.ts',
  'package-lock.json',
]

function fingerprint(): string {
  const hash = createHash('sha256')
  const add = (path: string): void => {
    hash.update(path)
    hash.update(readFileSync(path))
  }
  for (const source of SOURCES) {
    if (source.includes('.')) add(source)
    else
      for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })
        .filter((found) => found.isFile())
        .map((found) => join(found.parentPath, found.name))
        .sort())
        add(entry)
  }
  return hash.digest('hex')
}

const wanted = fingerprint()
const current = existsSync(STAMP) ? readFileSync(STAMP, 'utf8') : ''
if (current === wanted && existsSync(join('out', 'renderer', 'index.html'))) {
  console.log('The page is up to date.')
} else {
  if (!('renderer' in electronConfig) || electronConfig.renderer === undefined) {
    throw new Error('electron.config.ts has no renderer section.')
  }
  const base: InlineConfig = { configFile: false, logLevel: 'warn', base: '/' }
  await build(mergeConfig(base, electronConfig.renderer as InlineConfig))
  mkdirSync(dirname(STAMP), { recursive: true })
  writeFileSync(STAMP, wanted)
  console.log('The page is built.')
}
