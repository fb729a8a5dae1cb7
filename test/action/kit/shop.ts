import { type Ended, runStep, type Step } from './workflow.ts'

/** The main branch, a pull request that blocks writes, and what comes to main afterwards. */
export const before = {
  'db/migrations/1_orders.sql': 'CREATE TABLE orders (id bigint PRIMARY KEY, email text);\n',
  'db/migrations/2_old.sql': 'DROP TABLE orders_old;\n',
}
export const change = { 'db/migrations/3_index.sql': 'CREATE INDEX orders_email_idx ON orders (email);\n' }
export const later = { 'db/migrations/2_old.sql': 'DROP TABLE IF EXISTS orders_old;\n', 'README.md': 'x\n' }

/** The annotations for the new migration, for an old one, and of the whole run. */
export const index = 'error db/migrations/3_index.sql:1 blocking-index-build'
export const old = 'error db/migrations/2_old.sql:1 drop-table'
export const verdict = 'error 1 error in 1 migration.'

/** Runs the action without comments on the pull request. */
export function run(step: Step): Promise<Ended> {
  return runStep({ ...step, inputs: { comment: 'never', ...step.inputs } })
}
