import fc from 'fast-check'
import { sql } from '../../reported/kit/histories.ts'

const setup = [
  'CREATE TABLE users (id bigint PRIMARY KEY, a integer)',
  'CREATE TABLE orders (id bigint PRIMARY KEY, a integer, user_id bigint REFERENCES users ON DELETE CASCADE)',
  'CREATE TABLE notes (id bigint PRIMARY KEY, a integer, order_id bigint REFERENCES orders)',
  'CREATE TABLE log (a integer)',
  'CREATE VIEW totals AS SELECT count(*) AS n FROM orders',
  'INSERT INTO users VALUES (1, 1), (2, 2)',
  // Without a user: a row that is changed twice in a transaction has its foreign key checked again, which the model does not follow.
  'INSERT INTO orders VALUES (1, 1), (2, 2)',
]

const read = fc.constantFrom('users', 'orders', 'notes', 'log', 'totals')
const mode = fc.constantFrom('ROW SHARE', 'SHARE', 'ACCESS EXCLUSIVE')
const is = fc.constantFrom('EXISTS', 'NOT EXISTS')
const where = fc.constantFrom('', ' WHERE false')

/** Statements of a body that write only to these tables, so that no trigger fires itself. */
function body(written: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const simple = fc.oneof(
    sql`INSERT INTO ${written} (a) SELECT 1 FROM users WHERE false`,
    sql`UPDATE ${written} SET a = 1${where}`,
    sql`DELETE FROM ${written}${where}`,
    sql`PERFORM count(*) FROM ${read}`,
    sql`x := (SELECT count(*) FROM ${read})`,
    sql`SELECT count(*) INTO x FROM ${read}`,
    sql`LOCK TABLE ${written} IN ${mode} MODE`,
    sql`EXECUTE 'DELETE FROM ' || '${written}'`,
    sql`EXECUTE 'UPDATE ${written} SET a = 2'`,
  )
  const inside = fc.oneof(
    { weight: 3, arbitrary: simple },
    sql`IF ${is} (SELECT 1 FROM ${read}${where}) THEN ${simple}; END IF`,
    sql`IF x > 0 THEN ${simple}; ELSIF (SELECT count(*) FROM ${read}) > 1 THEN ${simple}; ELSE ${simple}; END IF`,
    sql`IF x > 0 AND ${is} (SELECT 1 FROM ${read}) THEN RETURN NULL; END IF`,
    sql`WHILE ${is} (SELECT 1 FROM ${read} WHERE false) AND x < 0 LOOP ${simple}; END LOOP`,
    sql`CASE (SELECT count(*) FROM ${read}) WHEN 0 THEN ${simple}; ELSE x := 1; END CASE`,
    sql`BEGIN ${simple}; EXCEPTION WHEN OTHERS THEN x := 2; END`,
  )
  return fc.array(inside, { minLength: 1, maxLength: 3 }).map(all => all.join('; '))
}

const events = fc.constantFrom('INSERT', 'UPDATE', 'DELETE', 'INSERT OR UPDATE', 'INSERT OR UPDATE OR DELETE')
const firing = fc.constantFrom('BEFORE', 'AFTER')
const each = fc.constantFrom('ROW', 'STATEMENT')
const functionOn = (name: string, written: fc.Arbitrary<string>) =>
  sql`CREATE FUNCTION ${fc.constant(name)}() RETURNS trigger LANGUAGE plpgsql AS $f$ DECLARE x bigint := 0; BEGIN ${body(written)}; RETURN NEW; END $f$`

const shown = fc.constantFrom('users', 'orders', 'notes')

/** Later triggers write to later tables only: users, orders, notes, log. */
const triggers = fc.oneof(
  sql`CREATE TRIGGER ${fc.constantFrom('s', 't')} ${firing} ${events} ON users FOR EACH ${each} EXECUTE FUNCTION f()`,
  sql`CREATE TRIGGER ${fc.constantFrom('s', 't')} ${firing} ${events} ON orders FOR EACH ${each} EXECUTE FUNCTION g()`,
  sql`CREATE TRIGGER t ${firing} ${events} ON notes FOR EACH ${each} EXECUTE FUNCTION h()`,
  sql`CREATE TRIGGER u BEFORE TRUNCATE ON notes FOR EACH STATEMENT EXECUTE FUNCTION h()`,
)

const statement = fc.oneof(
  sql`INSERT INTO users VALUES (${fc.nat({ max: 99 }).map(n => String(n + 10))}, 1)`,
  sql`INSERT INTO ${shown} (id, a) SELECT id + 100, 1 FROM users ON CONFLICT (id) DO NOTHING`,
  sql`INSERT INTO ${shown} (id, a) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET a = 3`,
  sql`UPDATE ${shown} SET a = 2${where}`,
  sql`DELETE FROM ${shown}${where}`,
  sql`TRUNCATE notes`,
  sql`ALTER TABLE ${shown} DISABLE TRIGGER ALL`,
  sql`DO $$ DECLARE x bigint := 0; BEGIN ${body(fc.constantFrom('users', 'orders', 'notes', 'log')).map(text => text.replaceAll('RETURN NULL', 'RETURN'))}; END $$`,
)

/** Tables with triggers whose functions read and write others, then statements that fire them, and blocks with conditions. */
export const blocks = fc
  .tuple(
    functionOn('f', fc.constantFrom('orders', 'notes', 'log')),
    functionOn('g', fc.constantFrom('notes', 'log')),
    functionOn('h', fc.constant('log')),
    fc.array(triggers, { minLength: 1, maxLength: 4 }),
    fc.array(statement, { minLength: 2, maxLength: 8 }),
  )
  .map(([f, g, h, on, statements]) => [...setup, f, g, h, ...on, ...statements])
