import { lookUp } from '../../parse/look-up.ts'
import type { Statement } from '../../parse/script.ts'
import type { Help } from '../help.ts'

/** Advice in place of ALTER TABLE IF EXISTS says IF EXISTS, too: where there is no such table, neither of them may fail. */
export function withIfExists(help: Help, { kind, node }: Statement): Help {
  if (kind !== 'AlterTableStmt' || lookUp(node, 'objtype') !== 'OBJECT_TABLE' || lookUp(node, 'missing_ok') !== true)
    return help
  return help.map(part =>
    typeof part === 'object' && part.language === 'sql'
      ? { ...part, code: part.code.replace(/^ALTER TABLE (?!IF EXISTS )/gm, 'ALTER TABLE IF EXISTS ') }
      : part,
  )
}
