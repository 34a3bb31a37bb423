import { expect, it } from 'vitest'
import { deidentificationOptionsSchema } from '../../contract/index.ts'
import { bytesAsSource, openForRewrite, writeRewritten, type TreeElement } from '../dicom/index.ts'
import { createChangeTally } from './changeTally.ts'
import { deidentifyDicom } from './deidentifyDicom.ts'
import { leafText } from './elementText.ts'
import golden from './pydicomGolden.json' with { type: 'json' }

const options = deidentificationOptionsSchema.parse({})
const identity = { pseudonym: 'P-1', shiftDays: -1, mapUid: (uid: string) => `2.25.${uid.length}` }

async function read(bytes: Uint8Array) {
  const opened = await openForRewrite(bytesAsSource('a', bytes))
  if (!opened) throw new Error('no DICOM')
  return opened
}

/** Values by the path of their tags, as in the golden file. */
function values(elements: readonly TreeElement[], path = ''): Map<string, string> {
  const found = new Map<string, string>()
  for (const element of elements) {
    const digits = element.tag.toString(16).padStart(8, '0')
    const key = `${path}${digits.slice(0, 4)},${digits.slice(4)}`
    if (element.kind === 'leaf') found.set(key, leafText(element))
    else {
      if (element.items.length === 0) found.set(key, '')
      for (const [number, item] of element.items.entries()) {
        for (const [inner, value] of values(item.elements, `${key}[${number}].`))
          found.set(inner, value)
      }
    }
  }
  return found
}

it.each(Object.entries(golden.files))(
  'leaves of a file by pydicom what the profile says: %s',
  async (_, base64) => {
    const opened = await read(new Uint8Array(Buffer.from(base64, 'base64')))
    const pieces: Uint8Array[] = []
    const rewritten = deidentifyDicom(opened, options, identity, createChangeTally())
    for await (const piece of writeRewritten(rewritten)) pieces.push(piece)
    const copy = await read(new Uint8Array(Buffer.concat(pieces)))
    const before = values(opened.elements)
    const after = values(copy.elements)
    const became = Object.fromEntries(
      Object.keys(golden.expected).map((key) => {
        const value = after.get(key)
        const what = value === undefined ? 'absent' : value === '' ? 'empty' : 'other'
        return [key, value !== undefined && value === before.get(key) ? 'same' : what]
      }),
    )
    // The pixels are no element of the tree; the rewriting tests compare them.
    expect({ ...became, '7fe0,0010': 'same' }).toEqual(golden.expected)
  },
)
