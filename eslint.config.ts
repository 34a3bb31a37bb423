import type { Linter } from 'eslint'
import prettier from 'eslint-config-prettier'
import vue from 'eslint-plugin-vue'
import accessibility from 'eslint-plugin-vuejs-accessibility'
import tseslint from 'typescript-eslint'

/** Layers of src-main from the bottom up, and what each may import besides itself. */
const LAYERS: Record<string, readonly string[]> = {
  contract: [],
  imaging: ['contract'],
  storage: ['contract', 'imaging'],
  engine: ['contract', 'imaging'],
  services: ['contract', 'imaging', 'storage', 'engine'],
  experiments: ['contract', 'imaging', 'engine'],
  core: ['contract', 'imaging', 'storage', 'engine', 'services'],
  cli: ['contract', 'imaging', 'storage', 'engine', 'services', 'experiments', 'core'],
  shell: ['contract'],
}

const layerRules: Linter.Config[] = Object.entries(LAYERS).map(([layer, allowed]) => ({
  files: [`src-main/${layer}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: `^(\\.\\./)+(${Object.keys(LAYERS)
              .filter((other) => other !== layer && !allowed.includes(other))
              .join('|')}|src-renderer)/`,
            message: `${layer}/ may import only ${[layer, ...allowed].join(', ')} (docs/architecture.md).`,
          },
        ],
      },
    ],
  },
}))

export default tseslint.config(
  { ignores: ['out', 'dist', 'coverage', 'node_modules', 'src-main/engine/kernels/wasm/assembly'] },
  ...tseslint.configs.recommended,
  ...vue.configs['flat/recommended'],
  ...accessibility.configs['flat/recommended'],
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
  },
  {
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['*.config.ts', '**/*.vue'],
    rules: { 'no-restricted-exports': 'off' },
  },
  { files: ['scripts/**', 'bench/**', 'src-main/cli/**'], rules: { 'no-console': 'off' } },
  {
    files: ['src-main/imaging/**', 'src-main/engine/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Pure layers take a seeded stream.' },
        { object: 'Date', property: 'now', message: 'Pure layers take a clock.' },
      ],
    },
  },
  ...layerRules,
  {
    files: ['src-renderer/**/*.{ts,vue}'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: 'src-main/(core|services|storage|engine|cli|shell)/',
              message: 'The renderer may import src-main/contract and src-main/imaging only.',
            },
            // Node's types are known here only because shared imaging code names them.
            { regex: '^node:', message: 'The renderer runs in a browser.' },
          ],
        },
      ],
      'vue/multi-word-component-names': 'off',
      // A label names its control by id; Reka's controls are buttons, which the default rule does not count as nested.
      'vuejs-accessibility/label-has-for': ['error', { required: { some: ['nesting', 'id'] } }],
    },
  },
  prettier,
)
