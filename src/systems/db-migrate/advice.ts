import type { AdviceInCode } from '../../code/advice.ts'
import { template } from '../../code/spelling/javascript.ts'

/** db-migrate's own calls have neither CONCURRENTLY nor NOT VALID, and `changeColumn` changes more than its arguments say. */
export const dbMigrateAdvice: AdviceInCode = { language: 'js', sql: text => `await db.runSql(${template(text)})` }
