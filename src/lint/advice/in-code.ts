import type { AdviceInCode, Remedy } from '../../code/advice.ts'
import { ParserLost } from '../../parse/instance.ts'
import { parse } from '../../parse/parse.ts'
import type { Script } from '../../parse/script.ts'
import type { Code, Help, HelpPart } from '../help.ts'
import type { MigrationFile } from '../history.ts'
import { remedyOf } from './remedy.ts'

/** Help as the file has to say it. */
export function helpInFile(help: Help, { input, written }: Pick<MigrationFile, 'input' | 'written'>): Help {
  const advice = input.kind === 'code' && written ? input.reader?.advice : undefined
  return advice ? helpInCode(help, advice) : help
}

/** More than any advice has that a person reads. */
const longest = 20_000

/**
 * Help for a migration in code: what it has in SQL is said in the words of the tool. Where the tool has calls of its own for it, the SQL
 * comes after them; otherwise the code has it. SQL that cannot be parsed, with a place to fill in, stays as it is.
 */
function helpInCode(help: Help, advice: AdviceInCode): Help {
  return help.flatMap((part): HelpPart[] => {
    if (typeof part === 'string' || part.language !== 'sql') return [part]
    const made = inCode(part.code, advice)
    if (made === null) return [part]
    const code: Code = { code: made.code, language: advice.language }
    return made.isOwn ? [code, 'Or in SQL:', part] : [code]
  })
}

/** The statements in code, and whether calls of the tool say any of them; null: it cannot be parsed, or has comments. */
export function inCode(sql: string, advice: AdviceInCode): { code: string; isOwn: boolean } | null {
  if (sql.length > longest) return null
  const script = parsed(sql)
  if (!script) return null
  const { statements, problems, comments } = script
  if (statements.length === 0 || problems.length > 0 || comments.length > 0) return null
  let isOwn = false
  const code = statements.map(statement => {
    const remedy = remedyOf(statement)
    const call = remedy && callFor(remedy, advice)
    isOwn ||= call !== null
    return call ?? advice.sql(statement.text)
  })
  return { code: code.join('\n'), isOwn }
}

function callFor<Kind extends Remedy['kind']>(
  remedy: Extract<Remedy, { kind: Kind }>,
  { calls }: AdviceInCode,
): string | null {
  const call = calls?.[remedy.kind as Kind] as ((remedy: Extract<Remedy, { kind: Kind }>) => string | null) | undefined
  return call?.(remedy) ?? null
}

function parsed(text: string): Script | null {
  try {
    return parse({ path: 'help.sql', text })
  } catch (error) {
    if (error instanceof ParserLost) return null
    throw error
  }
}
