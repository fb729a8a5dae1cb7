import { identity } from '../../kit/git.ts'
import { migrateLint } from './program.ts'

/** Two migrations, for the main branch. */
export const applied = {
  'migrations/1.sql': 'CREATE TABLE orders (id bigint PRIMARY KEY, email text);\n',
  'migrations/2.sql': 'CREATE TABLE customers (id bigint PRIMARY KEY);\n',
}

/** What the program finds with these arguments, each finding as `path rule`. `env` and `stdin`: those of the program. */
export async function found(cwd: string, args: readonly string[], env: Record<string, string> = {}, stdin?: string) {
  const input = stdin === undefined ? {} : { stdin }
  const ran = await migrateLint([...args, '-f', 'json'], { cwd, env: { ...identity, ...env }, ...input })
  const findings: { path: string; rule: string }[] = ran.stdout ? JSON.parse(ran.stdout).findings : []
  return { ...ran, findings: findings.map(({ path, rule }) => `${path} ${rule}`) }
}
