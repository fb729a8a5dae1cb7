import { expect, test } from 'vitest'
import { effects, steps } from './kit/steps.ts'

const tables = `CREATE TABLE orders (id bigint PRIMARY KEY, a int);
  CREATE TABLE log (a int);
  CREATE TABLE notes (a int);
  CREATE TABLE sums (a int);`

const trigger = (body: string, firing = 'AFTER INSERT OR DELETE ON orders FOR EACH ROW') =>
  `${tables} CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE x int; BEGIN ${body} END $$;
  CREATE TRIGGER t ${firing} EXECUTE FUNCTION f();`

const insert = 'INSERT INTO orders VALUES (1, 1)'

// random-blocks.ts compares random ones with servers.
test('what the function of a trigger does may happen, and never certainly', () => {
  expect(effects(trigger('NEW.a := 2; INSERT INTO log VALUES (NEW.id); RETURN NEW;'), insert)).toEqual([
    'log RowExclusiveLock ?',
    'orders RowExclusiveLock',
  ])
  const conditional = 'IF EXISTS (SELECT FROM notes) THEN LOCK TABLE log; END IF; RETURN (SELECT a FROM sums);'
  expect(effects(trigger(conditional), insert)).toEqual([
    'log AccessExclusiveLock ?',
    'notes AccessShareLock ?',
    'orders RowExclusiveLock',
    'sums AccessShareLock ?',
  ])
})

test('a write fires only triggers of its event, and these may fire others', () => {
  const deep = `${trigger('DELETE FROM notes; RETURN NULL;')}
    CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN DELETE FROM sums; DELETE FROM orders; RETURN NULL; END';
    CREATE TRIGGER u AFTER DELETE ON notes EXECUTE FUNCTION g();`
  expect(effects(deep, 'UPDATE orders SET a = 1')).toEqual(['orders RowExclusiveLock scan'])
  expect(effects(deep, 'DELETE FROM orders')).toEqual([
    'notes RowExclusiveLock ?',
    'orders RowExclusiveLock scan',
    'sums RowExclusiveLock ?',
  ])
  expect(effects(trigger('DELETE FROM log; RETURN NULL;', 'AFTER TRUNCATE ON orders'), 'TRUNCATE orders')).toContain(
    'log RowExclusiveLock ?',
  )
})

test('a stronger lock of a trigger takes the certainty away, and a weaker one does not', () => {
  expect(effects(trigger('LOCK TABLE orders; RETURN NULL;'), insert)).toEqual(['orders AccessExclusiveLock ?'])
  expect(effects(trigger('PERFORM a FROM orders; RETURN NULL;'), insert)).toEqual(['orders RowExclusiveLock'])
})

test.each([
  ["EXECUTE 'DELETE FROM ' || TG_ARGV[0]; RETURN NULL;", 't'],
  ['RETURN NULL;', undefined],
])('a trigger of which not all is read is named: %s', (body, name) => {
  expect(steps(trigger(body), insert).at(-1)?.unreadTrigger).toBe(name)
})

test('a trigger whose function is not in the migrations is not read', () => {
  const foreign = `${tables} CREATE TRIGGER t BEFORE INSERT ON orders EXECUTE FUNCTION made_by_hand();`
  expect(steps(foreign, insert).at(-1)?.unreadTrigger).toBe('t')
})

test('what may be locked by a condition or a trigger is not held for certain', () => {
  const [, last] = steps(trigger('DELETE FROM log; RETURN NULL;'), `${insert}; SELECT a FROM log`)
  expect(last?.transaction.held.get(last.effects[0]?.oid ?? 0)).toMatchObject({
    mode: 'RowExclusiveLock',
    isDoubtful: true,
  })
})
