import type { AdviceInCode } from '../../code/advice.ts'
import { template } from '../../code/spelling/javascript.ts'

/** MikroORM's own generator writes SQL in calls of `addSql`, and so does advice. */
export const mikroOrmAdvice: AdviceInCode = { language: 'ts', sql: text => `this.addSql(${template(text)})` }
