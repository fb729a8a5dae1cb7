import fc from 'fast-check'
import { type Finding, lint, steps } from '../../../src/index.ts'
import { blocksReads, blocksWrites, type LockMode } from '../../../src/postgres/lock.ts'
import { sql } from './histories.ts'

/** The tables that others use: each statement below is about some of them. */
export const setup = `CREATE TABLE users (id bigint PRIMARY KEY, a integer, b text);
CREATE TABLE orders (id bigint PRIMARY KEY, a integer, b text, user_id bigint CONSTRAINT orders_user REFERENCES users);
CREATE TABLE notes (id bigint PRIMARY KEY, a integer, b text, order_id bigint CONSTRAINT notes_order REFERENCES orders);
CREATE TABLE events (id bigint, a integer, b text) PARTITION BY RANGE (id);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (1000);
CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM (1000) TO (2000);
CREATE TABLE events_3 (id bigint, a integer, b text);
ALTER TABLE notes ADD CONSTRAINT notes_a CHECK (a > 0) NOT VALID;
CREATE VIEW named AS SELECT id, b FROM notes;
CREATE MATERIALIZED VIEW counts AS SELECT a, count(*) FROM users GROUP BY a;
CREATE INDEX orders_a ON orders (a);
CREATE SEQUENCE tickets;
INSERT INTO users (id, a) VALUES (1, 1), (2, 2), (3001, 1), (3002, 2);
INSERT INTO orders (id, a) VALUES (1, 1), (2, 2);
INSERT INTO notes (id, a) VALUES (1, 1), (2, 2);
INSERT INTO events (id, a) VALUES (1, 1), (2, 2);
INSERT INTO events_3 (id, a) VALUES (3001, 1), (3002, 2);`

const table = fc.constantFrom('users', 'orders', 'notes', 'events', 'events_1', 'events_3')
const fresh = fc.nat({ max: 99 }).map(n => `n${n}`)
const mode = fc.constantFrom(
  'ACCESS SHARE',
  'ROW EXCLUSIVE',
  'SHARE',
  'SHARE ROW EXCLUSIVE',
  'EXCLUSIVE',
  'ACCESS EXCLUSIVE',
)

/** Long work on tables that others use. */
const working = fc.oneof(
  // Not on b: a condition on b counts as finding few rows, which a small table does not show.
  sql`CREATE INDEX ON ${table} (a)`,
  sql`SELECT count(*) FROM ${table}`,
  sql`UPDATE ${table} SET b = 'x'`,
  sql`DELETE FROM ${table} WHERE b = 'x'`,
  sql`INSERT INTO ${table} (id, a) SELECT id + 10, a FROM ${table}`,
  sql`CREATE TABLE ${fresh} AS SELECT a, count(*) FROM ${table} GROUP BY a`,
  sql`CREATE MATERIALIZED VIEW ${fresh} AS SELECT a FROM ${table}`,
  sql`ALTER TABLE ${table} ALTER COLUMN a TYPE bigint`,
  sql`ALTER TABLE ${table} ADD COLUMN ${fresh} uuid DEFAULT gen_random_uuid()`,
  sql`ALTER TABLE ${table} ALTER COLUMN a SET NOT NULL`,
  sql`ALTER TABLE ${table} ADD COLUMN ${fresh} uuid DEFAULT gen_random_uuid(), ADD CONSTRAINT ${fresh} FOREIGN KEY (id) REFERENCES users NOT VALID`,
  sql`ALTER TABLE ${table} ADD CONSTRAINT ${fresh} FOREIGN KEY (id) REFERENCES users`,
  sql`ALTER TABLE notes VALIDATE CONSTRAINT notes_a`,
  sql`ALTER TABLE events ATTACH PARTITION events_3 FOR VALUES FROM (3000) TO (4000)`,
  sql`REFRESH MATERIALIZED VIEW counts`,
  sql`REINDEX TABLE users`,
)

/** Statements that are instant, and keep their locks. */
const brief = fc.oneof(
  sql`ALTER TABLE ${table} ADD COLUMN ${fresh} integer`,
  sql`ALTER TABLE ${table} DROP COLUMN b`,
  sql`ALTER TABLE orders DROP COLUMN user_id`,
  sql`ALTER TABLE ${fc.constantFrom('notes DROP CONSTRAINT notes_order', 'orders DROP CONSTRAINT orders_user')}`,
  sql`ALTER TABLE ${table} RENAME TO ${fresh}`,
  sql`ALTER TABLE ${table} RENAME COLUMN a TO ${fresh}`,
  sql`ALTER TABLE ${table} ADD CONSTRAINT ${fresh} CHECK (a > 0) NOT VALID`,
  sql`ALTER TABLE ${table} ALTER COLUMN a SET STATISTICS 100`,
  sql`ALTER TABLE notes DISABLE TRIGGER ALL`,
  sql`CREATE TABLE ${fresh} (id bigint REFERENCES ${table})`,
  sql`CREATE TRIGGER ${fresh} BEFORE UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()`,
  sql`LOCK TABLE ${table} IN ${mode} MODE`,
  sql`LOCK TABLE ONLY ${table} IN ${mode} MODE`,
  sql`DROP TABLE ${table} ${fc.constantFrom('', 'CASCADE')}`,
  sql`DROP INDEX orders_a`,
  sql`DROP MATERIALIZED VIEW counts`,
  sql`CREATE OR REPLACE VIEW named AS SELECT id, b FROM notes WHERE a > 1`,
  sql`ALTER VIEW named RENAME TO ${fresh}`,
  sql`ALTER SEQUENCE tickets RESTART`,
  sql`ALTER TABLE events DETACH PARTITION events_1`,
  sql`COMMENT ON TABLE ${table} IS 'x'`,
  sql`SAVEPOINT s`,
  sql`ROLLBACK TO s`,
)

/** Two to six statements, the last of which has work to do. */
export const transaction = fc
  .tuple(fc.array(fc.oneof({ weight: 3, arbitrary: brief }, working), { minLength: 1, maxLength: 5 }), working)
  .map(([before, last]) => [...before, last])

/** `users reads` and `users writes`, for each relation that others cannot use. */
export function waits(name: string, lock: LockMode | null, isMaterialized: boolean): string[] {
  return [
    ...(blocksReads(lock) ? [`${name} reads`] : []),
    ...(blocksWrites(lock) && !isMaterialized ? [`${name} writes`] : []),
  ]
}

/** The relations that work-under-strong-lock reports twice in a transaction. It may do that only if more queries of the relation wait. */
function repeated(findings: readonly Finding[]): string[] {
  const said = new Set<string>()
  return findings
    .filter(({ rule }) => rule === 'work-under-strong-lock')
    .flatMap(({ effects = [] }) => effects)
    .flatMap(({ relation, lock, kind }) => {
      const all = waits(relation, lock, kind === 'materialized view')
      const isNew = all.some(each => !said.has(each))
      for (const each of all) said.add(each)
      return isNew ? [] : [relation]
    })
}

/** The relations that the findings about the last statement report, including findings about earlier statements that cover it. */
export async function told(statements: readonly string[], pgVersion: string): Promise<Set<string>> {
  const content = `BEGIN;\n${statements.join(';\n')};\nCOMMIT;`
  const start = content.lastIndexOf(statements.at(-1) ?? '')
  const migrations = [
    { path: '1.sql', content: setup },
    { path: '2.sql', content },
  ]
  const { findings, internalErrors } = await lint({
    migrations,
    report: path => path === '2.sql',
    config: { pgVersion },
  })
  // Others know a relation by the name that it had before the transaction.
  const all = (await steps({ migrations, config: { pgVersion } })).files[1]?.steps ?? []
  const [first] = all
  // A ROLLBACK TO before the last statement may have released what an earlier one, whose finding covers both, was under.
  const held = new Map([...(all.at(-2)?.transaction.held ?? [])].map(({ oid, mode }) => [oid, mode]))
  if (internalErrors.length > 0) throw new Error(JSON.stringify(internalErrors))
  const again = repeated(findings)
  if (again.length > 0) throw new Error(`told again: ${again.join(', ')}`)
  const about = findings.filter(
    ({ at, related = [] }) =>
      at[0] >= start || related.some(label => label.message === 'under the lock, too' && label.at[0] >= start),
  )
  return new Set(
    about.flatMap(({ at, effects = [] }) =>
      effects
        .filter(({ kind }) => !kind.endsWith('index'))
        .flatMap(({ oid, relation, lock, kind }) => {
          const known = (mode: typeof lock) =>
            waits(first?.before.relations.get(oid)?.name ?? relation, mode, kind === 'materialized view')
          const still = at[0] >= start ? null : known(held.get(oid) ?? null)
          return still === null ? known(lock) : known(lock).filter(each => still.includes(each))
        }),
    ),
  )
}
