import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { GliadeskError, NETWORK_KINDS, recipeSchema, type Recipe } from '../../contract/index.ts'
import { notFound } from '../notFound.ts'

/**
 * Reads every recipe of a folder: plain U-Nets first, the first of which is the default of every dialog, then the other
 * kinds; each in the order of their file names.
 */
export async function readRecipes(folder: string): Promise<Recipe[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json'))
  const recipes = await Promise.all(names.sort().map((name) => readRecipe(join(folder, name))))
  const position = ({ network }: Recipe): number => NETWORK_KINDS.indexOf(network.kind)
  return recipes.sort((a, b) => position(a) - position(b))
}

async function readRecipe(path: string): Promise<Recipe> {
  try {
    return recipeSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    throw new GliadeskError(
      'BAD_FILE',
      `The recipe ${path} cannot be used: it does not describe a network and its training.`,
      'Compare it with the recipes that came with Gliadesk, or remove it.',
      { cause },
    )
  }
}

/** @throws GliadeskError NOT_FOUND */
export function findRecipe(recipes: readonly Recipe[], recipeId: string): Recipe {
  const recipe = recipes.find(({ id }) => id === recipeId)
  if (!recipe) throw notFound('recipe', recipeId)
  return recipe
}
