import { mkdirSync, readFileSync, statfsSync } from 'node:fs'
import { GliadeskError } from '../../src-main/contract/index.ts'
import { nvidiaDriver } from '../../src-main/engine/backends/index.ts'
import type { TensorflowVariant } from '../../src-main/engine/backends/index.ts'
import { captureCommand } from './runCommand.ts'
import { TENSORFLOW_WHEELS } from './tensorflowWheel.ts'

/** The oldest C library the pinned wheel runs on. */
const GLIBC_NEEDED = [2, 27] as const
/** CUDA 12 runs on every driver from this one on. */
const DRIVER_NEEDED = [525, 60] as const
const WASM_REMEDY = 'Gliadesk works without it: the WebAssembly backend needs no setup.'

/** Facts about the computer, so that the refusals can be tested without one that lacks something. */
export interface Machine {
  readonly platform: string
  readonly arch: string
  /** e.g. "2.36"; null on a C library other than glibc. */
  readonly glibc: string | null
  readonly hasAvx: boolean
  readonly driver: string | null
  readonly freeBytes: number
  readonly python: string | null
  readonly hasPip: boolean
  readonly compiler: string | null
}

export function describeMachine(folder: string): Machine {
  mkdirSync(folder, { recursive: true })
  const disk = statfsSync(folder)
  const python = firstWorking([process.env.PYTHON, 'python3', 'python'])
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } }
  return {
    platform: process.platform,
    arch: process.arch,
    glibc: report.header?.glibcVersionRuntime ?? null,
    hasAvx: readCpuFlags().includes(' avx '),
    driver: nvidiaDriver(),
    freeBytes: disk.bavail * disk.bsize,
    python,
    hasPip: python !== null && captureCommand(python, ['-m', 'pip', '--version']) !== null,
    compiler: firstWorking([process.env.CXX, 'g++', 'clang++', 'c++']),
  }
}

/**
 * Refuses, in one sentence with a remedy, a computer on which the setup cannot succeed.
 *
 * @returns the programs to use
 * @throws GliadeskError BACKEND_UNAVAILABLE | DISK_FULL
 */
export function checkRequirements(
  machine: Machine,
  variant: TensorflowVariant,
): { readonly python: string; readonly compiler: string } {
  if (machine.platform !== 'linux' || machine.arch !== 'x64') {
    refuse(
      `TensorFlow is offered for Linux on x86-64 only; this is ${machine.platform} on ${machine.arch}.`,
      WASM_REMEDY,
    )
  }
  if (machine.glibc === null || isOlder(machine.glibc, GLIBC_NEEDED)) {
    refuse(
      `TensorFlow needs glibc ${GLIBC_NEEDED.join('.')} or newer; this system has ${machine.glibc ?? 'another C library'}.`,
      `Use a newer Linux distribution. ${WASM_REMEDY}`,
    )
  }
  if (!machine.hasAvx)
    refuse('TensorFlow needs a processor with AVX; this one has none.', WASM_REMEDY)
  if (variant === 'gpu') checkDriver(machine.driver)
  if (machine.python === null) {
    refuse(
      'Python 3 was not found; it fetches TensorFlow.',
      'Install python3, or name it in PYTHON.',
    )
  }
  if (!machine.hasPip) {
    refuse(
      `${machine.python} has no pip.`,
      'Install python3-pip, or name another Python in PYTHON.',
    )
  }
  if (machine.compiler === null) {
    refuse(
      'No C++ compiler was found.',
      'Install g++ (Debian: build-essential), or name one in CXX.',
    )
  }
  const needed = TENSORFLOW_WHEELS[variant].diskBytes
  if (machine.freeBytes < needed) {
    throw new GliadeskError(
      'DISK_FULL',
      `The setup needs ${gigabytes(needed)}; the cache's disk has ${gigabytes(machine.freeBytes)} free.`,
      'Free some space, or point XDG_CACHE_HOME to a larger disk.',
    )
  }
  return { python: machine.python, compiler: machine.compiler }
}

function checkDriver(driver: string | null): void {
  if (driver === null) {
    refuse('No NVIDIA driver was found.', 'Install the NVIDIA driver, or leave --gpu out.')
  }
  if (driver !== 'wsl' && isOlder(driver, DRIVER_NEEDED)) {
    refuse(
      `CUDA 12 needs NVIDIA driver ${DRIVER_NEEDED.join('.')} or newer; this one is ${driver}.`,
      'Update the driver, or leave --gpu out.',
    )
  }
}

function refuse(message: string, remedy: string): never {
  throw new GliadeskError('BACKEND_UNAVAILABLE', message, remedy)
}

function isOlder(version: string, needed: readonly [number, number]): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major < needed[0] || (major === needed[0] && minor < needed[1])
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`
}

function firstWorking(commands: readonly (string | undefined)[]): string | null {
  for (const command of commands) {
    if (command && captureCommand(command, ['--version']) !== null) return command
  }
  return null
}

function readCpuFlags(): string {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8')
  } catch {
    return ''
  }
}
