import { en } from './en/index.ts'

/**
 * Every word the interface shows. A typed object rather than string keys: a missing or misspelt entry does not
 * compile, a sentence with parameters is a function, and nothing is compiled at run time (which the content
 * security policy would refuse). Another language is another object of the type of `en`.
 */
export const text = en
