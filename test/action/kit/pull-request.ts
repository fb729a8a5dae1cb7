import { checkout, type Files, hosted, pullRequest } from './checkouts.ts'
import { GitHub, token } from './github.ts'
import type { Step } from './workflow.ts'

export const before = { 'db/1_orders.sql': 'CREATE TABLE orders (id bigint PRIMARY KEY, email text, note text);\n' }
/** An error. */
export const bad = { 'db/2_index.sql': 'CREATE INDEX orders_email_idx ON orders (email);\n' }
/** Nothing to complain of. */
export const good = { 'db/2_note.sql': "SET lock_timeout = '1s';\nALTER TABLE orders ADD COLUMN age int;\n" }

/** A pull request, with all that a step needs to speak on it. */
export async function opened(change: Files, options = {}): Promise<{ github: GitHub; step: Step }> {
  const made = hosted(before, change)
  const github = await GitHub.start()
  const workspace = checkout(made, 'refs/pull/7/merge')
  const step = { workspace, event: 'pull_request', ...pullRequest(made, options), api: github.url, token }
  return { github, step: { ...step, inputs: { paths: 'db' } } }
}

export function withInputs(step: Step, inputs: Files): Step {
  return { ...step, inputs: { ...step.inputs, ...inputs } }
}
