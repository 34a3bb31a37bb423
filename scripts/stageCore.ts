/**
 * Lays out out/core for the installers: the core, the engine and the command line as sources (Node strips the
 * types), with the packages they import and what those depend on, and nothing of the page or the shell.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, relative } from 'node:path'

const TARGET = join('out', 'core')
const LAYERS = [
  'contract',
  'imaging',
  'storage',
  'engine',
  'services',
  'experiments',
  'core',
  'cli',
]
/** Runtime files of a package; maps, typings and sources stay behind. */
const RUNTIME_FILE = /\.(js|mjs|cjs|json|wasm|node|dll)$/
/** Dawn brings its library for every system; an installer carries its own system's. */
const DAWN_FOLDER = `${process.platform}-${process.platform === 'darwin' ? 'universal' : process.arch}`
const OTHER_DAWN = new RegExp(`^dist[\\\\/](?!${DAWN_FOLDER}([\\\\/]|$))(darwin|linux|win32)-`)
/** Of the DICOM codecs only the decoders built to WebAssembly are loaded; each package carries four more builds. */
const UNUSED_FILE = /[\\/]codec-[\w-]+[\\/]dist[\\/](?!\w+wasm_decode\.|openjphjs\.)/
/** The bundler of jpeg-lossless-decoder-js, which it names among what it needs to run. */
const NOT_AT_RUN_TIME = /^@rollup\//
/** Loaded by name only where a machine can use them (docs/engine.md). */
const RESOLVED_AT_RUN_TIME = [
  '@tensorflow/tfjs-node-gpu',
  '@tensorflow/tfjs-backend-webgpu',
  'webgpu',
]

const isTest = (path: string): boolean =>
  path.endsWith('.test.ts') || /[\\/]testing([\\/]|$)/.test(path)

function sourceFiles(): string[] {
  return LAYERS.flatMap((layer) =>
    readdirSync(join('src-main', layer), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  ).filter((path) => !isTest(path) && !path.includes('assembly'))
}

/** "@scope/name/deep/file" → "@scope/name". */
function packageOf(specifier: string): string {
  const parts = specifier.split('/')
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0]
}

function importedPackages(files: readonly string[]): Set<string> {
  const packages = new Set<string>(RESOLVED_AT_RUN_TIME)
  for (const file of files.filter((path) => path.endsWith('.ts'))) {
    const text = readFileSync(file, 'utf8')
    for (const [, specifier] of text.matchAll(/(?:from|import\(|import|resolve\()\s*'([^']+)'/g)) {
      if (specifier.startsWith('.') || specifier.startsWith('node:')) continue
      if (!builtinModules.includes(specifier)) packages.add(packageOf(specifier))
    }
  }
  return packages
}

/** Finds an installed package as Node would from `folder`, nearest node_modules first. */
function findPackage(name: string, folder: string): string | null {
  for (let at = folder; ; at = dirname(at)) {
    const candidate = join(at, 'node_modules', name)
    if (existsSync(join(candidate, 'package.json'))) return candidate
    if (at === '.' || at === dirname(at)) return null
  }
}

/** The folders of the packages and of everything they need to run. */
function closure(names: Iterable<string>): string[] {
  const folders = new Set<string>()
  const visit = (name: string, from: string): void => {
    if (NOT_AT_RUN_TIME.test(name)) return
    const folder = findPackage(name, from)
    // Optional dependencies of other platforms are not installed, and that is as it should be.
    if (folder === null || folders.has(folder)) return
    folders.add(folder)
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      dependencies?: Record<string, string>
      optionalDependencies?: Record<string, string>
      peerDependencies?: Record<string, string>
    }
    for (const dependency of Object.keys({
      ...manifest.dependencies,
      ...manifest.optionalDependencies,
      ...manifest.peerDependencies,
    })) {
      visit(dependency, folder)
    }
  }
  for (const name of names) visit(name, '.')
  return [...folders].sort()
}

rmSync(TARGET, { recursive: true, force: true })
mkdirSync(TARGET, { recursive: true })
const sources = sourceFiles()
for (const file of sources) cpSync(file, join(TARGET, file))
const packages = closure(importedPackages(sources))
for (const folder of packages) {
  cpSync(folder, join(TARGET, folder), {
    recursive: true,
    filter: (path) => {
      const inside = relative(folder, path)
      if (/(^|[\\/])node_modules([\\/]|$)/.test(inside)) return false
      if (folder.endsWith('webgpu') && OTHER_DAWN.test(inside)) return false
      if (UNUSED_FILE.test(path)) return false
      return !/\.[^\\/.]+$/.test(path) || RUNTIME_FILE.test(path) || /licen[cs]e/i.test(path)
    },
  })
}
writeFileSync(
  join(TARGET, 'package.json'),
  JSON.stringify({ name: 'gliadesk-core', type: 'module' }),
)
console.log(`Staged ${sources.length} sources and ${packages.length} packages in ${TARGET}.`)
