import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { GliadeskError } from '../../../contract/index.ts'
import { protobufWriter } from '../protobuf/protobufWriter.ts'
import type { OnnxModel, OnnxNode } from './onnxModel.ts'
import { readOnnxModel } from './readOnnxModel.ts'
import { writeOnnxModel } from './writeOnnxModel.ts'

const golden = new Uint8Array(
  readFileSync(new URL('../execution/testing/monaiUNet.onnx', import.meta.url)),
)

const node = (changes: Partial<OnnxNode>): OnnxNode => ({
  op: 'Relu',
  name: 'relu',
  inputs: ['x'],
  outputs: ['y'],
  attributes: new Map(),
  ...changes,
})

const model = (changes: Partial<OnnxModel> = {}): OnnxModel => ({
  opset: 17,
  producer: 'test',
  producerVersion: '1',
  graphName: 'graph',
  description: '',
  inputs: [{ name: 'x', elementType: 1, dims: ['batch', 1, 'd', 'h', 'w'] }],
  outputs: [{ name: 'y', elementType: 1, dims: ['batch', 1, 'd', 'h', 'w'] }],
  nodes: [node({})],
  initializers: new Map(),
  metadata: {},
  ...changes,
})

const read = (changes: Partial<OnnxModel>): OnnxModel =>
  readOnnxModel(writeOnnxModel(model(changes)), 'a.onnx')

describe('reading an ONNX file', () => {
  it('gives back what was written', () => {
    const written = model({
      nodes: [
        node({
          attributes: new Map<string, never>(
            Object.entries({ axis: -1, alpha: 0.25, pads: [0, 1], mode: 'linear' }) as [
              string,
              never,
            ][],
          ),
        }),
      ],
      initializers: new Map([
        ['a', { dims: [2, 2], values: Float32Array.of(1, -2, 0.5, 3e-9), isInteger: false }],
        ['b', { dims: [3], values: Float64Array.of(-1, 0, 2 ** 40), isInteger: true }],
      ]),
      metadata: { key: 'värde', __proto__x: '1' },
    })
    expect(readOnnxModel(writeOnnxModel(written), 'a.onnx')).toEqual(written)
  })

  it('reads what another framework wrote', () => {
    const { opset, producer, inputs, nodes } = readOnnxModel(golden, 'monai.onnx')
    expect([opset, producer, inputs[0].dims]).toEqual([17, 'pytorch', ['batch', 2, 'd', 'h', 'w']])
    expect(nodes.map(({ op }) => op)).toContain('ConvTranspose')
  })

  it.each<[string, Partial<OnnxModel>, RegExp]>([
    ['operators of a version that it does not know', { opset: 7 }, /operator set 7/],
    ['a value that nothing makes', { nodes: [node({ inputs: ['z'] })] }, /reads "z"/],
    ['a value made twice', { nodes: [node({}), node({})] }, /"y" is made twice/],
    ['an output that nothing makes', { nodes: [] }, /nothing makes its output "y"/],
  ])('refuses %s', (_name, changes, message) => {
    expect(() => read(changes)).toThrow(message)
  })

  it('refuses tensors whose shape and data differ, without making room for the shape', () => {
    const file = protobufWriter()
    file.message(7, (graph) =>
      graph.message(5, (tensor) => {
        for (const extent of [2 ** 30, 2 ** 30]) tensor.integer(1, extent)
        tensor.integer(2, 1)
        tensor.text(8, 'w')
        tensor.bytes(9, new Uint8Array(8))
      }),
    )
    expect(() => readOnnxModel(file.finish(), 'a.onnx')).toThrow(/"w" needs \d+ bytes and has 8/)
  })

  it('refuses weights that lie in another file', () => {
    const file = protobufWriter()
    file.message(7, (graph) => graph.message(5, (tensor) => tensor.integer(14, 1)))
    expect(() => readOnnxModel(file.finish(), 'a.onnx')).toThrow(/in another file/)
  })

  const outcome = (bytes: Uint8Array): string => {
    try {
      readOnnxModel(bytes, 'a.onnx')
      return 'read'
    } catch (error) {
      return error instanceof GliadeskError ? error.code : String(error)
    }
  }

  it('answers every cut of a file with a sentence', () => {
    for (let length = 0; length < golden.length - 1; length += 61) {
      expect(outcome(golden.subarray(0, length))).toBe('BAD_FILE')
    }
  })

  it('answers every damage with a sentence or a model', () => {
    const damage = fc.array(fc.tuple(fc.nat({ max: golden.length - 1 }), fc.nat({ max: 255 })), {
      minLength: 1,
      maxLength: 12,
    })
    fc.assert(
      fc.property(damage, (changes) => {
        const bytes = golden.slice()
        for (const [at, value] of changes) bytes[at] = value
        expect(['read', 'BAD_FILE']).toContain(outcome(bytes))
      }),
      { numRuns: 150 },
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(outcome(bytes)).toBe('BAD_FILE')
      }),
    )
  })
})
