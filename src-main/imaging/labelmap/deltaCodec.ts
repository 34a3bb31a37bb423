import { LABEL_COUNT } from '../../contract/anatomy.ts'
import { GliadeskError } from '../../contract/errors.ts'
import type { DeltaRun, LabelDelta } from './delta.ts'

/**
 * Binary form of an edit: version byte 1, then unsigned LEB128 numbers: voxel count, run count,
 * and for each run the gap since the end of the last one, its length, and one byte `before << 4 | after`.
 */
const VERSION = 1
const MIN_RUN_BYTES = 3
const BASE64_CHUNK = 0x8000

/** Encodes an edit; a brush stroke takes about three bytes a run. */
export function encodeDelta(delta: LabelDelta): Uint8Array {
  const runBytes = delta.runs.reduce(
    (sum, run) => sum + varintBytes(run.start) + varintBytes(run.length) + 1,
    0,
  )
  const bytes = new Uint8Array(
    1 + varintBytes(delta.voxelCount) + varintBytes(delta.runs.length) + runBytes,
  )
  let position = 0
  const putVarint = (value: number): void => {
    let rest = value
    while (rest >= 128) {
      bytes[position++] = (rest % 128) | 128
      rest = Math.floor(rest / 128)
    }
    bytes[position++] = rest
  }
  bytes[position++] = VERSION
  putVarint(delta.voxelCount)
  putVarint(delta.runs.length)
  let end = 0
  for (const run of delta.runs) {
    putVarint(run.start - end)
    putVarint(run.length)
    bytes[position++] = (run.before << 4) | run.after
    end = run.start + run.length
  }
  return bytes.slice(0, position)
}

/**
 * Decodes and checks an edit: version, canonical labels, runs inside the labelmap, nothing left over.
 *
 * @param voxelCount voxels of the labelmap the edit is for
 * @throws GliadeskError BAD_INPUT for anything `encodeDelta` cannot have written for such a labelmap
 */
export function decodeDelta(bytes: Uint8Array, voxelCount: number): LabelDelta {
  let position = 0
  const takeVarint = (field: string): number => {
    let value = 0
    let scale = 1
    for (let digits = 0; digits < 7; digits++) {
      if (position >= bytes.length) throw malformed(`it ends inside the ${field}`)
      const byte = bytes[position++]
      value += (byte & 127) * scale
      if (byte === 0 && digits > 0) throw malformed(`the ${field} is padded`)
      if (byte < 128) return value
      scale *= 128
    }
    throw malformed(`the ${field} is too large`)
  }
  if (bytes.length === 0) throw malformed('it is empty')
  const version = bytes[position++]
  if (version !== VERSION) throw malformed(`its version is ${version}, not ${VERSION}`)
  const declared = takeVarint('voxel count')
  if (declared !== voxelCount) {
    throw malformed(`it is for ${declared} voxels, the labelmap has ${voxelCount}`)
  }
  const runCount = takeVarint('run count')
  if (runCount > (bytes.length - position) / MIN_RUN_BYTES) {
    throw malformed(`it names ${runCount} runs, more than its bytes can hold`)
  }
  const runs: DeltaRun[] = []
  let end = 0
  for (let index = 0; index < runCount; index++) {
    const start = end + takeVarint('position of a run')
    const length = takeVarint('length of a run')
    end = start + length
    if (length === 0) throw malformed('a run is empty')
    if (end > voxelCount) throw malformed('a run lies outside the labelmap')
    if (position >= bytes.length) throw malformed('it ends inside a run')
    const labels = bytes[position++]
    const before = labels >> 4
    const after = labels & 15
    if (before >= LABEL_COUNT || after >= LABEL_COUNT) throw malformed('a label is not 0 to 3')
    if (before === after) throw malformed('a run changes nothing')
    runs.push({ start, length, before, after })
  }
  if (position !== bytes.length) throw malformed('bytes are left over after the last run')
  return { voxelCount, runs }
}

/** Encodes an edit as base64, the form it travels in. */
export function deltaToBase64(delta: LabelDelta): string {
  const bytes = encodeDelta(delta)
  let binary = ''
  for (let start = 0; start < bytes.length; start += BASE64_CHUNK) {
    binary += String.fromCharCode(...bytes.subarray(start, start + BASE64_CHUNK))
  }
  return btoa(binary)
}

/**
 * Decodes what `deltaToBase64` wrote.
 *
 * @throws GliadeskError BAD_INPUT as `decodeDelta`
 */
export function deltaFromBase64(text: string, voxelCount: number): LabelDelta {
  let binary: string
  try {
    binary = atob(text)
  } catch (cause) {
    throw malformed('it is not base64', { cause })
  }
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i)
  return decodeDelta(bytes, voxelCount)
}

function varintBytes(value: number): number {
  let count = 1
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) count++
  return count
}

function malformed(reason: string, options?: ErrorOptions): GliadeskError {
  return new GliadeskError(
    'BAD_INPUT',
    `The labelmap edit cannot be read: ${reason}.`,
    'Reload the case and repeat the edit.',
    options,
  )
}
