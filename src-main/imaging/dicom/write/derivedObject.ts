import type { DataSetContent } from './dataSetContent.ts'
import type { ImagePlanes } from './imagePlanes.ts'
import { textValue } from './textValue.ts'
import type { UidSource } from './uid.ts'

/** What every object that this program derives from images needs to know besides its content. */
export interface DerivedObject {
  /** Patient and study as the source images name them, or a pseudonym. */
  readonly patientStudy: DataSetContent & { readonly StudyInstanceUID: string }
  readonly frameOfReferenceUid: string
  readonly seriesNumber: number
  readonly seriesDescription: string
  /** Who answers for the content. */
  readonly author: string
  /** When the object was made, ISO 8601 with Z. */
  readonly instant: string
  readonly softwareVersion: string
  readonly uid: UidSource
}

/** DA and TM of an instant, in UTC. */
export function dateAndTime(instant: string): { date: string; time: string } {
  const [date, time] = new Date(instant).toISOString().split('T')
  return { date: date.replaceAll('-', ''), time: time.slice(0, 8).replaceAll(':', '') }
}

/**
 * The modules that all derived objects share: patient, study, series, equipment, SOP common (PS3.3 C.7.1 to C.7.5,
 * C.12.1). Attributes of type 2 that nobody knows are there without a value.
 */
export function commonModules(
  object: DerivedObject,
  { sopClassUid, modality }: { readonly sopClassUid: string; readonly modality: string },
): DataSetContent & { readonly SOPClassUID: string; readonly SOPInstanceUID: string } {
  const { date, time } = dateAndTime(object.instant)
  return {
    ...{ PatientName: '', PatientID: '', PatientBirthDate: '', PatientSex: '' },
    ...{ StudyDate: '', StudyTime: '', ReferringPhysicianName: '', StudyID: '' },
    AccessionNumber: '',
    ...object.patientStudy,
    SOPClassUID: sopClassUid,
    SOPInstanceUID: object.uid(`instance ${modality}`),
    InstanceCreationDate: date,
    InstanceCreationTime: time,
    Modality: modality,
    SeriesInstanceUID: object.uid(`series ${modality}`),
    SeriesNumber: object.seriesNumber,
    SeriesDescription: textValue(object.seriesDescription, 64),
    SeriesDate: date,
    SeriesTime: time,
    InstanceNumber: 1,
    Manufacturer: 'Gliadesk',
    ManufacturerModelName: 'Gliadesk',
    DeviceSerialNumber: '1',
    SoftwareVersions: textValue(object.softwareVersion, 64),
  }
}

/** Every image once that the planes refer to, as items of a reference sequence. */
export function referencedImages({ slices }: ImagePlanes): DataSetContent[] {
  const items = new Map<string, DataSetContent>()
  for (const { image } of slices) {
    if (!image) continue
    items.set(image.sopInstanceUid, {
      ReferencedSOPClassUID: image.sopClassUid,
      ReferencedSOPInstanceUID: image.sopInstanceUid,
    })
  }
  return [...items.values()]
}
