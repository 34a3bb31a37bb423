import { mount } from '@vue/test-utils'
import { TooltipProvider } from 'reka-ui'
import { describe, expect, it } from 'vitest'
import { defineComponent, h, nextTick, ref } from 'vue'
import { UiNumberField, UiSegmented, UiTextField } from './index.ts'

const OPTIONS = [
  { value: 'flair', label: 'FLAIR' },
  { value: 't2', label: 'T2' },
] as const

describe('UiNumberField', () => {
  it('keeps a typed number that is no multiple of the step', async () => {
    const value = ref<number | undefined>(undefined)
    const wrapper = mount(
      defineComponent(
        () => () =>
          h(UiNumberField, {
            label: 'Steps',
            min: 1,
            step: 100,
            modelValue: value.value,
            'onUpdate:modelValue': (next: number | undefined) => (value.value = next),
          }),
      ),
    )
    const input = wrapper.get('input')
    await input.setValue('40')
    await input.trigger('blur')
    expect(value.value).toBe(40)
  })
})

describe('UiSegmented', () => {
  it('marks the chosen one for eyes and for screen readers, and follows a click', async () => {
    const value = ref<'flair' | 't2'>('flair')
    const wrapper = mount(
      defineComponent(
        () => () =>
          h(TooltipProvider, () =>
            h(UiSegmented<'flair' | 't2'>, {
              label: 'Sequence',
              options: OPTIONS,
              modelValue: value.value,
              'onUpdate:modelValue': (next: 'flair' | 't2') => (value.value = next),
            }),
          ),
      ),
    )
    const states = (): (string | undefined)[] =>
      wrapper.findAll('[role="radio"]').map((radio) => radio.attributes('aria-checked'))
    expect(states()).toEqual(['true', 'false'])
    await wrapper.findAll('[role="radio"]')[1]?.trigger('click')
    await nextTick()
    expect(value.value).toBe('t2')
    expect(states()).toEqual(['false', 'true'])
  })
})

describe('UiTextField', () => {
  it('gives a class to its frame and everything else to the input', () => {
    const wrapper = mount(UiTextField, {
      props: { label: 'Path', modelValue: '' },
      attrs: { class: 'wide', 'data-testid': 'path' },
    })
    expect(wrapper.get('.field').classes()).toContain('wide')
    expect(wrapper.get('input').attributes('data-testid')).toBe('path')
    expect(wrapper.get('input').classes()).not.toContain('wide')
  })
})
