import type { AdviceInCode } from '../../code/advice.ts'
import { quotedText } from '../../code/spelling/go.ts'

/** Advice for a migration of goose in Go: calls that send SQL through `database/sql`, by its transaction or by the database itself. */
export const gooseAdvice: AdviceInCode = {
  language: 'go',
  sql: (text, isOutside) =>
    `if _, err := ${isOutside ? 'db' : 'tx'}.ExecContext(ctx, ${quotedText(text)}); err != nil {\n\treturn err\n}`,
}
