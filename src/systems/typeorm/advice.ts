import type { AdviceInCode } from '../../code/advice.ts'
import { template } from '../../code/spelling/javascript.ts'

/** TypeORM's own generator writes SQL in calls of `query`, and so does advice. */
export const typeormAdvice: AdviceInCode = { language: 'ts', sql: text => `await queryRunner.query(${template(text)})` }
