import type { ImportProblem } from '../../../contract/index.ts'
import {
  groupStacks,
  separateRepeats,
  stackGeometry,
  type DicomFrame,
  type DicomInstance,
  type FrameGroup,
  type SliceStack,
} from '../../../imaging/dicom/index.ts'
import { guessSequence, type SequenceGuess } from '../../../imaging/sequences/index.ts'
import type { ScannedInstance } from './scanFiles.ts'
import type { SourceFile } from './sourceFile.ts'

/** A stack of a study that can become a volume. */
export interface SeriesCandidate {
  /** The same at every import of the same series. */
  readonly key: string
  readonly title: string
  readonly guess: SequenceGuess
  readonly stack: SliceStack
}

/** One study of one patient: a case. */
export interface FoundStudy {
  readonly patientId: string | null
  readonly studyUid: string
  readonly studyDate: string | null
  readonly series: readonly SeriesCandidate[]
  /** What a reader of the case should know. */
  readonly warnings: readonly string[]
}

export interface FoundStudies {
  readonly studies: readonly FoundStudy[]
  readonly fileOf: ReadonlyMap<DicomInstance, SourceFile>
}

/** A series that falls into more volumes of one shape is dynamic (perfusion, diffusion, a film), not anatomy. */
const MOST_VOLUMES = 4

/** Groups instances into studies, and their frames into stacks with a guess of their sequence. */
export function findStudies(
  scanned: readonly ScannedInstance[],
  onProblem: (problem: ImportProblem) => void,
): FoundStudies {
  const byStudy = new Map<string, DicomInstance[]>()
  for (const { instance } of scanned) {
    const key = JSON.stringify([instance.patientId, instance.studyUid])
    const members = byStudy.get(key)
    if (members) members.push(instance)
    else byStudy.set(key, [instance])
  }
  return {
    studies: [...byStudy.values()].map((members) => studyOf(members, onProblem)),
    fileOf: new Map(scanned.map(({ instance, file }) => [instance, file])),
  }
}

function studyOf(
  members: readonly DicomInstance[],
  onProblem: (problem: ImportProblem) => void,
): FoundStudy {
  const [first] = members
  const groups = groupStacks(members.flatMap(({ frames }) => frames))
  const perSeries = new Map<string, FrameGroup[]>()
  for (const group of groups) {
    perSeries.set(group.seriesUid, [...(perSeries.get(group.seriesUid) ?? []), group])
  }
  const warnings: string[] = []
  const series = [...perSeries.values()].flatMap((parts) => candidates(parts, warnings, onProblem))
  if (members.some(({ burnedInAnnotation }) => burnedInAnnotation)) {
    warnings.push(
      'Some images state that text is burnt into their pixels; it may name the patient.',
    )
  }
  return {
    patientId: first.patientId,
    studyUid: first.studyUid,
    studyDate: members.find(({ studyDate }) => studyDate !== null)?.studyDate ?? null,
    series,
    warnings,
  }
}

function candidates(
  parts: readonly FrameGroup[],
  warnings: string[],
  onProblem: (problem: ImportProblem) => void,
): SeriesCandidate[] {
  const name = titleOf(parts[0].frames[0])
  const told = new Set<string>()
  const leaveOut = (reason: string, remedy: string, expected: boolean): void => {
    if (told.has(reason)) return
    told.add(reason)
    const message = `The series "${name}" takes no part: ${reason}.`
    onProblem({ path: name, field: 'series', message, remedy, expected })
    if (!expected) warnings.push(message)
  }
  const volumes: { part: string; frames: readonly DicomFrame[]; guess: SequenceGuess }[] = []
  for (const { frames, part } of parts) {
    const guess = guessSequence(frames[0].hints)
    if (frames[0].hints.imageType.some((value) => /^MOSAIC$/i.test(value))) {
      leaveOut(
        'its files are mosaics, many slices side by side in one picture, whose places in space are not stated',
        'Export it as Enhanced MR or as one file a slice.',
        false,
      )
    } else if (guess.sequence === null && guess.confidence > 0) {
      leaveOut(guess.reason, 'Nothing needs to be done.', true)
    } else {
      const { stacks, copies } = separateRepeats(frames)
      if (copies > 0)
        warnings.push(`${copies} files of "${name}" came twice; one of each was used.`)
      stacks.forEach((stack, repeat) => {
        const label = stacks.length > 1 ? [part, `repeat ${repeat + 1}`] : [part]
        volumes.push({ part: label.filter(Boolean).join(', '), frames: stack, guess })
      })
    }
  }
  if (volumes.length > MOST_VOLUMES) {
    leaveOut(
      `it holds ${volumes.length} volumes, as dynamic series do`,
      'Nothing needs to be done.',
      true,
    )
    return []
  }
  return volumes.flatMap(({ part, frames, guess }) => {
    const stack = stackGeometry(frames)
    const title = part === '' ? name : `${name} (${part})`
    if ('problem' in stack) {
      leaveOut(`${part === '' ? '' : `${part}: `}${stack.problem}`, stack.remedy, frames.length < 3)
      return []
    }
    warnings.push(...stack.warnings.map((warning) => `${title}: ${warning}`))
    return [{ key: `${frames[0].instance.seriesUid}|${part}`, title, guess, stack }]
  })
}

function titleOf({ instance, hints }: DicomFrame): string {
  const name = hints.seriesDescription ?? hints.protocolName ?? 'no description'
  return instance.seriesNumber === null ? name : `${instance.seriesNumber}: ${name}`
}
