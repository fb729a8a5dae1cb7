import type { Removed } from '../../../src/lint/code-use/removed.ts'
import { answersOf, type CodeRead, type ReadFile } from '../../../src/usage/answers.ts'

export function column(of: string, name: string): Removed {
  return { kind: 'column', schema: 'public', of, name, others: [] }
}

export function relation(name: string, kind: 'table' | 'view' | 'type' = 'table'): Removed {
  return { kind, schema: 'public', of: null, name, others: ['users'] }
}

type Files = Readonly<Record<string, string>>

export function listed(files: Files): ReadFile[] {
  return Object.entries(files).map(([path, text]) => ({ path, text }))
}

/** The answer about a name in words: its kind and the places. `files`: the code that comes with the migration; `before`: files that are deployed and differ. */
export function said(removed: Removed, files: Files, before?: Files): string {
  const read: CodeRead = {
    files: listed(files),
    others: listed(files),
    searched: Object.keys(files).length,
    isComplete: true,
    deployed: before
      ? {
          name: 'main',
          files: listed(before),
          isSame: path => Object.hasOwn(files, path) && !Object.hasOwn(before, path),
        }
      : null,
  }
  const answer = answersOf([removed], read).of(removed)
  if (answer === null) return 'unknown'
  if (answer.kind === 'not found') return `not found in ${answer.naming}`
  const places = answer.places.map(({ path, line }) => `${path}:${line}`).join(' ')
  return `${answer.kind}${answer.kind === 'deployed' && answer.cached ? ' (remembered)' : ''} ${places}`
}
