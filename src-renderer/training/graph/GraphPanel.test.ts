import { mount } from '@vue/test-utils'
import { TooltipProvider } from 'reka-ui'
import { describe, expect, it } from 'vitest'
import { h, nextTick } from 'vue'
import type { JobEvent } from '../../../src-main/contract/index.ts'
import GraphPanel from './GraphPanel.vue'

type GraphEvent = Extract<JobEvent, { type: 'graph' }>

/** Eight cells; each resembles its own place, except node 3, which resembles node 0. */
const graph = (step: number, grid: [number, number, number] | null = [2, 2, 2]): GraphEvent => ({
  type: 'graph',
  step,
  snapshot: {
    caseName: 'Case 7',
    grid,
    present: [true, true, true, true, true, true, true, false],
    touchesTumour: [false, false, false, true, false, false, false, false],
    layers: ['bottleneck', 'decoder.0'].map((name) => ({
      name,
      own: [0.9, 0.9, 0.9, 0.1, 0.9, 0.9, 0.9, null],
      edges: [0, 1, 2, 3, 4, 5, 6].flatMap((i): [number, number, number][] =>
        i === 3
          ? [
              [3, 0, 0.6],
              [3, 3, 0.1],
            ]
          : [[i, i, 0.9]],
      ),
    })),
    picture: null,
  },
})
const show = async (...graphs: GraphEvent[]) => {
  const wrapper = mount(() => h(TooltipProvider, () => h(GraphPanel, { graphs })))
  await nextTick()
  return wrapper
}

describe('the graph of a distillation', () => {
  it('draws a column a layer, a line a present node, other places apart from own', async () => {
    const wrapper = await show(graph(10))
    const layers = wrapper.findAll('figure')
    expect(layers.map((layer) => layer.get('figcaption').text())).toEqual([
      'Deepest level',
      'Decoder, level 1',
    ])
    expect(layers[0]!.findAll('path.edge')).toHaveLength(7)
    expect(layers[0]!.findAll('path.edge.own')).toHaveLength(6)
    expect(layers[0]!.text()).toContain('6 of 7')
  })

  it('names the case, the latest step and what a line does not say', async () => {
    const text = (await show(graph(10), graph(20))).text()
    expect(text).toContain('Case 7 after 20 steps')
    expect(text).toContain('not that the prediction rests on it')
  })

  it('tells a clicked cell’s nearest place in words and draws only its lines', async () => {
    const wrapper = await show(graph(10))
    await wrapper.get('[data-node="3"]').trigger('click')
    expect(wrapper.get('#graph-node').text()).toBe(
      'Slice 1 of 2, row 1, column 1, at the tumour resembles most: Deepest level: Slice 1 of 2, row 2, column 2 (0.60); Decoder, level 1: Slice 1 of 2, row 2, column 2 (0.60).',
    )
    expect(wrapper.get('figure').findAll('path.edge')).toHaveLength(2)
    await wrapper.get('[data-node="3"]').trigger('click')
    expect(wrapper.get('figure').findAll('path.edge')).toHaveLength(7)
  })

  it('is walked through by keys and left by Escape', async () => {
    const wrapper = await show(graph(10))
    const group = wrapper.get('[role="group"]')
    await group.trigger('keydown', { key: 'ArrowUp' })
    expect(wrapper.get('#graph-node').text()).toContain('row 2, column 2 resembles')
    await group.trigger('keydown', { key: 'PageUp' })
    expect(wrapper.get('#graph-node').text()).toContain('Slice 2 of 2')
    await group.trigger('keydown', { key: 'Escape' })
    expect(wrapper.get('#graph-node').text()).toContain('Choose a cell')
  })

  it('says so of a cell that is not in the patch', async () => {
    const wrapper = await show(graph(10))
    await wrapper.get('[data-node="7"]').trigger('click')
    expect(wrapper.get('#graph-node').text()).toContain('is not in this patch')
  })

  it('names classes where nodes are regions', async () => {
    const wrapper = await show(graph(10, null))
    await wrapper.get('[data-node="3"]').trigger('click')
    expect(wrapper.get('#graph-node').text()).toContain('Enhancing tumour, at the tumour')
  })
})
