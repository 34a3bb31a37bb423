import { createHash } from 'node:crypto'
import type { SegmentationToWrite } from '../segmentation/writeSegmentationObject.ts'
import type { DerivedObject } from '../write/derivedObject.ts'
import { uidFromBytes, type UidSource } from '../write/uid.ts'

export const testUids: UidSource = (role) =>
  uidFromBytes(createHash('sha256').update(`test ${role}`).digest())

export const TEST_OBJECT: DerivedObject = {
  patientStudy: { PatientName: 'Case 1', PatientID: 'C1', StudyInstanceUID: '1.2.3' },
  frameOfReferenceUid: '1.2.9',
  seriesNumber: 900,
  seriesDescription: 'Gliadesk labels',
  author: 'Reader',
  instant: '2026-01-02T03:04:05.000Z',
  softwareVersion: '1.0.0',
  uid: testUids,
}

/** A segmentation of a person's to write. */
export const segmentationRequest = (
  request: Pick<SegmentationToWrite, 'labels' | 'planes'> & Partial<SegmentationToWrite>,
): SegmentationToWrite => ({
  ...TEST_OBJECT,
  kind: 'BINARY',
  algorithm: { type: 'MANUAL' },
  ...request,
})
