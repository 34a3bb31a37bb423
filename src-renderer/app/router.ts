import { createRouter, createWebHistory, type Router } from 'vue-router'

/** The pages. Each is loaded when first opened, so that the worklist does not wait for the viewer. */
export const createPages = (): Router =>
  createRouter({
    history: createWebHistory('/'),
    routes: [
      { path: '/', redirect: '/worklist' },
      {
        path: '/worklist',
        name: 'worklist',
        component: () => import('../worklist/WorklistPage.vue'),
      },
      {
        path: '/case/:caseId',
        name: 'review',
        component: () => import('../review/CasePage.vue'),
        props: true,
      },
      {
        path: '/datasets/:datasetId?',
        name: 'datasets',
        component: () => import('../datasets/DatasetsPage.vue'),
        props: true,
      },
      {
        path: '/training/:jobId?',
        name: 'training',
        component: () => import('../training/TrainingPage.vue'),
        props: true,
      },
      {
        path: '/models/:modelId?',
        name: 'models',
        component: () => import('../models/ModelsPage.vue'),
        props: true,
      },
      {
        path: '/settings',
        name: 'settings',
        component: () => import('../settings/SettingsPage.vue'),
      },
      { path: '/:path(.*)*', name: 'not-found', component: () => import('./layout/NotFound.vue') },
    ],
  })
