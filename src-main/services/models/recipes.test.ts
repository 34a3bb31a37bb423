import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { NETWORK_KINDS } from '../../contract/index.ts'
import { readRecipes } from './recipes.ts'

describe('the recipes that come with the program', () => {
  it('begin with the one that every computer can train', async () => {
    const recipes = await readRecipes(join(import.meta.dirname, '../../../models/recipes'))
    expect(recipes[0].id).toBe('unet-compact')
    expect(new Set(recipes.map(({ network }) => network.kind))).toEqual(new Set(NETWORK_KINDS))
  })
})
