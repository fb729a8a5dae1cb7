import type { AdviceInCode } from '../../code/advice.ts'
import { template } from '../../code/spelling/javascript.ts'

/** TypeORM's own generator writes SQL in calls of `query`, so advice does the same. */
export const typeormAdvice: AdviceInCode = { language: 'ts', sql: text => `await queryRunner.query(${template(text)})` }
