import type { AdviceInCode } from '../../code/advice.ts'
import { template } from '../../code/spelling/javascript.ts'

/** MikroORM's own generator writes SQL in calls of `addSql`, so advice does the same. */
export const mikroOrmAdvice: AdviceInCode = { language: 'ts', sql: text => `this.addSql(${template(text)})` }
