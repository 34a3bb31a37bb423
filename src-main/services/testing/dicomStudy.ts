import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { mrSlice, type SliceRequest } from '../../imaging/dicom/testing/mrSlices.ts'
import { writeDicom } from '../../imaging/dicom/testing/writeDicom.ts'

/** The four series of a glioma study on one grid, by what scanners call them. */
export const STUDY_SERIES = [
  { description: 'ax FLAIR', tr: '9000', te: '120', agent: 'NONE' },
  { description: 'ax T1 se', tr: '500', te: '12', agent: 'NONE' },
  { description: 'ax T1 se Gd', tr: '500', te: '12', agent: 'Gadovist' },
  { description: 'ax T2 tse', tr: '4500', te: '98', agent: 'NONE' },
] as const

export type SeriesRequest = Partial<SliceRequest> & {
  /** Millimetres along z; 0, 5, 10 and 15 where not given. */
  readonly places?: readonly number[]
}

/** Files of one axial series: name to bytes. */
export function seriesFiles(
  folder: string,
  { places = [0, 5, 10, 15], ...request }: SeriesRequest,
): Map<string, Uint8Array> {
  return new Map(
    places.map((z, index) => [
      `${folder}/IM${String(index + 1).padStart(4, '0')}`,
      writeDicom(mrSlice({ ...slice(z, index + 1, request), ...request })),
    ]),
  )
}

/** The number of the slice everywhere, with the number of its series in the first pixel. */
function slice(
  z: number,
  instanceNumber: number,
  { seriesNumber = 0 }: SeriesRequest,
): SliceRequest {
  const values = new Array<number>(24).fill(instanceNumber)
  values[1] = 100 * seriesNumber
  return { positionMm: [-10, -20, z], instanceNumber, values }
}

/** Files of a whole study. */
export function studyFiles(folder: string, request: SeriesRequest = {}): Map<string, Uint8Array> {
  const { studyUid = '1.2' } = request
  return new Map(
    STUDY_SERIES.flatMap(({ description, tr, te, agent }, index) => [
      ...seriesFiles(`${folder}/S${index + 1}`, {
        ...{ description, seriesNumber: index + 1, seriesUid: `${studyUid}.${index + 1}` },
        ...request,
        more: {
          0x0018_0010: ['LO', agent],
          0x0018_0080: ['DS', tr],
          0x0018_0081: ['DS', te],
          ...request.more,
        },
      }),
    ]),
  )
}

/** Writes files under a folder. */
export async function writeFiles(
  root: string,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<void> {
  for (const [name, bytes] of files) {
    const path = join(root, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, bytes)
  }
}
