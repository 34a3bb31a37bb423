import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  GliadeskError,
  type DeidentificationEvent,
  type DeidentificationReport,
  type DeidentificationRequest,
} from '../../contract/index.ts'
import { createChangeTally, PROFILE_EDITION, scrubSidecar } from '../../imaging/deidentify/index.ts'
import { asStorageError } from '../../storage/index.ts'
import type { SourceFile } from '../datasets/index.ts'
import type { KeyedHash } from '../pseudonyms/index.ts'
import { copyDicom, type Copied, type CopyTask } from './copyDicom.ts'
import { copyNifti } from './copyNifti.ts'
import { findFace } from './findFace.ts'
import { imageOutputNames } from './imageOutputNames.ts'
import { keyedIdentities } from './keyedIdentity.ts'
import { listInputs } from './listInputs.ts'
import { openOutputFolder } from './outputFolder.ts'
import { reasonWithoutName } from './reasonWithoutName.ts'
import { reportText, summarise } from './report.ts'
import { sortInputs, stemOf, type InputKind } from './sortInputs.ts'

export interface DeidentifyContext {
  readonly hash: KeyedHash
  /** e.g. "Gliadesk 1.2.0". */
  readonly program: string
  readonly onEvent: (event: DeidentificationEvent) => void
  readonly signal: AbortSignal
}

const MAX_SIDECAR_BYTES = 16 * 1024 ** 2

/**
 * Writes de-identified copies of a folder, an archive or a file, and a report of what became of which element. A file
 * that cannot be used is told and left out; everything else goes on. When stopped, the copies made so far stay and the report
 * says that it was stopped.
 *
 * @returns the report, as it is also written beside the copies
 * @throws GliadeskError BAD_INPUT, NOT_FOUND, DISK_FULL, READ_ONLY
 */
export async function deidentifyFolder(
  request: DeidentificationRequest,
  context: DeidentifyContext,
): Promise<DeidentificationReport> {
  const { hash, program, onEvent, signal } = context
  const output = request.trial ? null : await openOutputFolder(request.path, request.output, signal)
  const inputs = await listInputs(request.path, (problem) =>
    onEvent({ type: 'problem', ...problem }),
  )
  const identities = keyedIdentities(hash)
  const task: CopyTask = { options: request.options, identities, output }
  const nameOf = imageOutputNames(identities)
  const files: DeidentificationReport['files'] = []
  const leftOut: DeidentificationReport['leftOut'] = []
  try {
    const kinds = sortInputs(inputs.files)
    for (const [index, file] of inputs.files.entries()) {
      if (signal.aborted) break
      const number = index + 1
      try {
        const copied = await copyFile(file, kinds.get(file) ?? null, task, nameOf)
        if (copied !== null && 'leftOut' in copied) leftOut.push({ number, reason: copied.leftOut })
        else if (copied !== null) files.push({ number, ...copied })
      } catch (error) {
        if (signal.aborted) break
        const known = asStorageError(error, 'copying the file', file.path)
        if (known.code === 'DISK_FULL' || known.code === 'READ_ONLY') throw known
        leftOut.push({ number, reason: reasonWithoutName(known, file.name) })
        const { message, remedy } = known
        onEvent({ type: 'problem', path: file.path, message, remedy })
      }
      onEvent({ type: 'progress', done: number, total: inputs.files.length })
    }
  } finally {
    inputs.close()
  }
  const report: DeidentificationReport = {
    schema: 1,
    program,
    profile: PROFILE_EDITION,
    options: request.options,
    trial: request.trial,
    stopped: signal.aborted,
    files,
    leftOut,
    ...summarise(files),
  }
  if (!request.trial) await writeReport(request, report)
  return report
}

async function copyFile(
  file: SourceFile,
  kind: InputKind | null,
  task: CopyTask,
  nameOf: (stem: string) => string,
): Promise<Copied | { readonly leftOut: string } | null> {
  if (kind === null) return { leftOut: 'JSON that belongs to no image.' }
  const name = (): string => nameOf(stemOf(file.relativePath))
  switch (kind.kind) {
    case 'pair-image':
      return null
    case 'nifti': {
      const face = await findFace(file, kind.image, task.options.deface)
      const request = { source: file, image: kind.image, output: task.output, name: name() }
      const copied = await copyNifti({ ...request, inside: face.inside })
      return { ...copied, warnings: [...copied.warnings, ...face.warnings] }
    }
    case 'sidecar':
      return await copySidecar(file, task, name())
    case 'perhaps-dicom':
      return (await copyDicom(file, task)) ?? { leftOut: 'Neither DICOM nor NIfTI nor a sidecar.' }
  }
}

async function copySidecar(file: SourceFile, { output }: CopyTask, name: string): Promise<Copied> {
  if (file.sizeBytes > MAX_SIDECAR_BYTES) {
    throw new GliadeskError(
      'BAD_FILE',
      `${file.name}: it is larger than any sidecar.`,
      'Leave it out; it was not copied.',
    )
  }
  const tally = createChangeTally()
  const text = new TextDecoder().decode(await file.read(0, file.sizeBytes))
  const bytes = new TextEncoder().encode(scrubSidecar(text, file.name, tally))
  const written = output && (await output.write(name, '.json', piecesOf(bytes)))
  return { kind: 'sidecar', output: written, changes: tally.changes(), warnings: [] }
}

/** Written also after a stop, so that what lies there is explained. */
async function writeReport(
  { output }: DeidentificationRequest,
  report: DeidentificationReport,
): Promise<void> {
  const json = `${JSON.stringify(report, null, 2)}\n`
  try {
    await writeFile(join(output, 'deidentification-report.json'), json, { flag: 'wx' })
    await writeFile(join(output, 'deidentification-report.txt'), reportText(report), { flag: 'wx' })
  } catch (cause) {
    throw asStorageError(cause, 'writing the report', output)
  }
}

async function* piecesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, void> {
  yield bytes
}
