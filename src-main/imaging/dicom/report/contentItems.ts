import { codeItem, type Code } from '../write/codeItem.ts'
import type { DataSetContent } from '../write/dataSetContent.ts'

/** How an item of a report relates to the one above it (PS3.3 C.17.3.2.4). */
export type Relationship =
  'CONTAINS' | 'HAS OBS CONTEXT' | 'HAS CONCEPT MOD' | 'INFERRED FROM' | 'SELECTED FROM'

const item = (
  relationship: Relationship,
  valueType: string,
  name: Code | null,
  value: DataSetContent,
): DataSetContent => ({
  RelationshipType: relationship,
  ValueType: valueType,
  ...(name && { ConceptNameCodeSequence: codeItem(name) }),
  ...value,
})

/** A heading with what stands under it; of a template of PS3.16 where `template` names it. */
export const container = (
  name: Code,
  content: readonly DataSetContent[],
  template?: string,
): DataSetContent =>
  item('CONTAINS', 'CONTAINER', name, {
    ContinuityOfContent: 'SEPARATE',
    ...(template !== undefined && {
      ContentTemplateSequence: [{ MappingResource: 'DCMR', TemplateIdentifier: template }],
    }),
    ContentSequence: content,
  })

export const codeValue = (relationship: Relationship, name: Code, value: Code): DataSetContent =>
  item(relationship, 'CODE', name, { ConceptCodeSequence: codeItem(value) })

export const textValueItem = (
  relationship: Relationship,
  name: Code,
  text: string,
): DataSetContent => item(relationship, 'TEXT', name, { TextValue: text })

export const uidValue = (relationship: Relationship, name: Code, uid: string): DataSetContent =>
  item(relationship, 'UIDREF', name, { UID: uid })

export const personValue = (
  relationship: Relationship,
  name: Code,
  person: string,
): DataSetContent => item(relationship, 'PNAME', name, { PersonName: person })

/** A reference to an instance, or to segments or a frame of it. */
export const imageValue = (
  relationship: Relationship,
  name: Code | null,
  reference: DataSetContent,
): DataSetContent => item(relationship, 'IMAGE', name, { ReferencedSOPSequence: [reference] })

/** A measured number; what it was inferred from stands under it. */
export const numberValue = (
  name: Code,
  value: number,
  unit: Code,
  content: readonly DataSetContent[] = [],
): DataSetContent =>
  item('CONTAINS', 'NUM', name, {
    MeasuredValueSequence: [{ NumericValue: value, MeasurementUnitsCodeSequence: codeItem(unit) }],
    ...(content.length > 0 && { ContentSequence: content }),
  })

/**
 * A line on an image.
 *
 * @param points column and row of both ends; the centre of the first pixel is (0.5, 0.5)
 */
export const lineOnImage = (points: readonly number[], reference: DataSetContent): DataSetContent =>
  item('INFERRED FROM', 'SCOORD', null, {
    GraphicData: points,
    GraphicType: 'POLYLINE',
    ContentSequence: [imageValue('SELECTED FROM', null, reference)],
  })
