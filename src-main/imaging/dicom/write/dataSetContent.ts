import type { Keyword } from './attributes.ts'

/** The value of an attribute: text (one or several), numbers, raw bytes, or the items of a sequence. */
export type AttributeValue =
  string | number | readonly string[] | readonly number[] | Uint8Array | readonly DataSetContent[]

/** A data set to be written, by keyword. What is undefined is left out; an empty text is written with no value. */
export type DataSetContent = { readonly [keyword in Keyword]?: AttributeValue }
