import { lookUp } from '../parse/look-up.ts'

/** The grammars that exist, by the names of their files. */
export const grammars = ['ruby', 'python', 'php', 'c-sharp', 'elixir', 'typescript', 'go', 'java'] as const
export type Grammar = (typeof grammars)[number]

/** By the ending of the file name. TypeScript's grammar reads JavaScript, too. */
const ends: Readonly<Record<string, Grammar>> = {
  rb: 'ruby',
  py: 'python',
  php: 'php',
  cs: 'c-sharp',
  ex: 'elixir',
  exs: 'elixir',
  js: 'typescript',
  mjs: 'typescript',
  cjs: 'typescript',
  ts: 'typescript',
  mts: 'typescript',
  cts: 'typescript',
  go: 'go',
  java: 'java',
}

/** The grammar that reads a file of this name; null: none of them. */
export function grammarOf(path: string): Grammar | null {
  const end = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? ''
  return lookUp(ends, end) ?? null
}
