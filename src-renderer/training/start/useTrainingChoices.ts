import { computed, type ComputedRef } from 'vue'
import type { Dataset, Model, Recipe } from '../../../src-main/contract/index.ts'
import { text, useQuery } from '../../app/index.ts'
import type { SelectOption } from '../../ui/index.ts'

export interface TrainingChoices {
  readonly datasets: ComputedRef<readonly Dataset[]>
  readonly recipes: ComputedRef<readonly Recipe[]>
  readonly models: ComputedRef<readonly Model[]>
  readonly datasetOptions: ComputedRef<SelectOption<string>[]>
  readonly recipeOptions: ComputedRef<SelectOption<string>[]>
}

/** What can be trained on what: data sets, recipes and models as the start dialogs offer them. */
export const useTrainingChoices = (): TrainingChoices => {
  const datasetQuery = useQuery((api, signal) => api.datasets.list({}, { signal }), {
    topics: ['datasets'],
  })
  const recipeQuery = useQuery((api, signal) => api.models.recipes({}, { signal }))
  const modelQuery = useQuery((api, signal) => api.models.list({}, { signal }), {
    topics: ['models'],
  })
  const datasets = computed(() => datasetQuery.data.value ?? [])
  const recipes = computed(() => recipeQuery.data.value ?? [])
  return {
    datasets,
    recipes,
    models: computed(() => modelQuery.data.value ?? []),
    datasetOptions: computed(() =>
      datasets.value.map((dataset) => ({
        value: dataset.id,
        label: dataset.name,
        detail: text.training.dialogs.datasetDetail(
          dataset.splitCounts.train,
          dataset.splitCounts.validation,
        ),
      })),
    ),
    recipeOptions: computed(() =>
      recipes.value.map((recipe) => ({
        value: recipe.id,
        label: recipe.title,
        detail: recipe.description,
      })),
    ),
  }
}
