import type { Statement } from '../parse/script.ts'

export function syntaxSince(_statement: Statement, _version: number): string | null {
  return null
}
