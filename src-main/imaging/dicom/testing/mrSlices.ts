import { without, type Elements } from './writeDicom.ts'

export interface SliceRequest {
  readonly rows?: number
  readonly columns?: number
  readonly seriesUid?: string
  readonly studyUid?: string
  readonly patientId?: string
  readonly studyDate?: string
  readonly description?: string
  readonly seriesNumber?: number
  readonly orientation?: readonly number[]
  readonly positionMm: readonly [number, number, number]
  readonly pixelSpacingMm?: readonly [number, number]
  readonly instanceNumber?: number
  readonly sopInstanceUid?: string
  /** Stored values, rows × columns; the instance number everywhere where not given. */
  readonly values?: readonly number[]
  /** Further elements, or others in the place of these. */
  readonly more?: Elements
}

export const AXIAL = [1, 0, 0, 0, 1, 0] as const

/** A single-frame MR slice of signed 16-bit values. The patient has a name, to see where it goes. */
export function mrSlice(request: SliceRequest): Elements {
  const { rows = 4, columns = 6, instanceNumber = 1, seriesUid = '1.2.3' } = request
  const values = request.values ?? new Array<number>(rows * columns).fill(instanceNumber)
  return {
    0x0008_0008: ['CS', 'ORIGINAL\\PRIMARY\\M\\ND'],
    0x0008_0016: ['UI', '1.2.840.10008.5.1.4.1.1.4'],
    0x0008_0018: ['UI', request.sopInstanceUid ?? `${seriesUid}.${instanceNumber}`],
    0x0008_0020: ['DA', request.studyDate ?? '20240502'],
    0x0008_0060: ['CS', 'MR'],
    0x0008_103e: ['LO', request.description ?? 'ax T2 tse'],
    0x0010_0010: ['PN', 'Secret^Person'],
    0x0010_0020: ['LO', request.patientId ?? 'PID-4711'],
    0x0010_0030: ['DA', '19600131'],
    0x0018_0050: ['DS', '5'],
    0x0018_0080: ['DS', '4000'],
    0x0018_0081: ['DS', '100'],
    0x0020_000d: ['UI', request.studyUid ?? '1.2'],
    0x0020_000e: ['UI', seriesUid],
    0x0020_0011: ['IS', String(request.seriesNumber ?? 4)],
    0x0020_0013: ['IS', String(instanceNumber)],
    0x0020_0032: ['DS', request.positionMm.join('\\')],
    0x0020_0037: ['DS', (request.orientation ?? AXIAL).join('\\')],
    0x0020_0052: ['UI', '1.2.9'],
    0x0028_0002: ['US', [1]],
    0x0028_0004: ['CS', 'MONOCHROME2'],
    0x0028_0010: ['US', [rows]],
    0x0028_0011: ['US', [columns]],
    0x0028_0030: ['DS', (request.pixelSpacingMm ?? [0.9, 0.8]).join('\\')],
    0x0028_0100: ['US', [16]],
    0x0028_0101: ['US', [16]],
    0x0028_0102: ['US', [15]],
    0x0028_0103: ['US', [1]],
    0x7fe0_0010: ['OW', values],
    ...request.more,
  }
}

export interface EnhancedRequest {
  readonly positionsMm: readonly (readonly [number, number, number])[]
  readonly orientation?: readonly number[]
  /** Stack ID of each frame. */
  readonly stackIds?: readonly string[]
  readonly slopes?: readonly number[]
  readonly values?: readonly number[]
  readonly more?: Elements
}

/** An Enhanced MR of 2 × 3 pixels a frame, in the order of `positionsMm`. */
export function enhancedMr(request: EnhancedRequest): Elements {
  const { positionsMm, orientation = AXIAL } = request
  const values =
    request.values ?? positionsMm.flatMap((_, index) => new Array<number>(6).fill(index + 1))
  const base = mrSlice({ rows: 2, columns: 3, positionMm: [0, 0, 0], seriesUid: '1.2.77', values })
  const top = without(base, 0x0020_0032, 0x0020_0037, 0x0028_0030)
  return {
    ...top,
    0x0008_0016: ['UI', '1.2.840.10008.5.1.4.1.1.4.1'],
    0x0028_0008: ['IS', String(positionsMm.length)],
    0x5200_9229: [
      'SQ',
      [
        {
          0x0018_9112: ['SQ', [{ 0x0018_0080: ['DS', '6000'] }]],
          0x0018_9114: ['SQ', [{ 0x0018_9082: ['FD', [95.5]] }]],
          0x0020_9116: ['SQ', [{ 0x0020_0037: ['DS', orientation.join('\\')] }]],
          0x0028_9110: ['SQ', [{ 0x0028_0030: ['DS', '1.5\\1.25'] }]],
        },
      ],
    ],
    0x5200_9230: [
      'SQ',
      positionsMm.map((position, index): Elements => ({
        0x0020_9111: ['SQ', [{ 0x0020_9056: ['SH', request.stackIds?.[index] ?? '1'] }]],
        0x0020_9113: ['SQ', [{ 0x0020_0032: ['DS', position.join('\\')] }]],
        0x0028_9145: [
          'SQ',
          [
            {
              0x0028_1052: ['DS', '0'],
              0x0028_1053: ['DS', String(request.slopes?.[index] ?? 1)],
            },
          ],
        ],
      })),
    ],
    ...request.more,
  }
}
